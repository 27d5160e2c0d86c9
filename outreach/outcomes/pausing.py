"""A pause that lasts: nobody is reached meanwhile, so whoever looks at the board is reminded of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid5

from outreach.models import Outreach
from outreach.models.states import LIVE_OUTREACH, Severity
from outreach.outcomes.board import tell_board_once

LIMITS = {
    Severity.HIGH: timedelta(minutes=30),
    Severity.MEDIUM: timedelta(hours=4),
    Severity.LOW: timedelta(hours=4),
}
STILL_PAUSED = "still_paused"


async def remind_of_pauses(now: datetime) -> None:
    """Tell the board of each case that has been paused for its limit, and again each time that has passed once more."""
    for case in await Outreach.filter(status__in=LIVE_OUTREACH, paused_at__lte=now - min(LIMITS.values())):
        assert case.paused_at is not None
        times = (now - case.paused_at) // LIMITS[case.severity]
        if times:
            # The id is this pause's and this reminder's: whoever looks a minute later tells nobody twice.
            word_id = uuid5(case.id, f"{STILL_PAUSED}:{case.paused_at.isoformat()}:{times}")
            minutes = times * LIMITS[case.severity] // timedelta(minutes=1)
            await tell_board_once(STILL_PAUSED, word_id, now, outreach_id=case.id, minutes=minutes)
