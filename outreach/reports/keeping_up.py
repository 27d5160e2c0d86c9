"""How late the product is: what was due a while ago, and that nobody has taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.models.statements import fetch

LATE_AFTER = timedelta(minutes=2)
# The words of the partial indexes of what is due, so that a year of ended cases costs nothing: this is asked often.
LATE = """
    SELECT 'ladder' AS what, count(*) AS late, min(due_at) AS oldest FROM outreach
    WHERE status <> 'ended' AND paused_at IS NULL AND due_at < $1
    UNION ALL
    SELECT 'attempts', count(*), min(send_after) FROM attempt WHERE status = 'queued' AND send_after < $1
        AND (SELECT paused_at IS NULL FROM outreach WHERE id = attempt.outreach_id)
    UNION ALL
    SELECT 'notices', count(*), min(send_after) FROM notice WHERE status = 'queued' AND send_after < $1
"""


@dataclass(frozen=True)
class Late:
    """How many rows are late, and since how many seconds the oldest of them has been due (0: none is late)."""

    count: int
    oldest_s: int


@dataclass(frozen=True)
class Behind:
    """What is late: outreaches whose next step is due, attempts and notices that should have left."""

    ladder: Late
    attempts: Late
    notices: Late

    @property
    def keeping_up(self) -> bool:
        """Whether nothing is late."""
        return not (self.ladder.count or self.attempts.count or self.notices.count)


async def behind(now: datetime) -> Behind:
    """What was due more than LATE_AFTER ago and still waits; ended and paused cases do not, nor the sends of these."""
    rows = await fetch(LATE, now - LATE_AFTER)
    return Behind(**{row["what"]: Late(row["late"], _age_s(row["oldest"], now)) for row in rows})


def _age_s(oldest: datetime | str | None, now: datetime) -> int:
    if oldest is None:
        return 0
    since = datetime.fromisoformat(oldest) if isinstance(oldest, str) else oldest
    return int((now - since).total_seconds())
