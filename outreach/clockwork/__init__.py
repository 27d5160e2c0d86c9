"""The loops that move what is due, and the cron; they read the clock and know no rule."""

from outreach.clockwork.cron import Cron, jobs_of
from outreach.clockwork.loops import Clockwork

__all__ = ["Clockwork", "Cron", "jobs_of"]
