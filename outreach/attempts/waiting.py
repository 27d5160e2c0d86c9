"""What a pause holds back: a message of a paused case neither leaves nor fails, and keeps its place."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.models import Attempt
from outreach.models.moves import move
from outreach.models.states import SendStatus

LOOK_AGAIN = timedelta(seconds=20)
"""How soon it is looked whether the case goes on."""


async def put_back(row: Attempt, now: datetime) -> None:
    """It waits again as if it had not been taken up."""
    await move(Attempt, row.id, SendStatus.QUEUED, send_after=now + LOOK_AGAIN, tries=row.tries - 1)
