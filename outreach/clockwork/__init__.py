"""The loops that move what is due; they read the clock and know no rule."""

from outreach.clockwork.loops import Clockwork

__all__ = ["Clockwork"]
