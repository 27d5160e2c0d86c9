"""The ladder: due outreaches are claimed, and what their policy says is done."""

from outreach.ladder.climbing import climb_due, next_due

__all__ = ["climb_due", "next_due"]
