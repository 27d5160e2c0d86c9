"""The ladder: due outreaches are claimed, and what their policy says is done."""

from outreach.ladder.climbing import BATCH, climb_due

__all__ = ["BATCH", "climb_due"]
