"""The ladder: due outreaches are claimed, and what their policy says is done."""

from outreach.ladder.climbing import BATCH, climb_due
from outreach.ladder.looking_ahead import Ahead, steps_ahead

__all__ = ["BATCH", "Ahead", "climb_due", "steps_ahead"]
