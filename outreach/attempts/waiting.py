"""What a pause holds back: a message of a paused case neither leaves nor fails, and keeps its place."""

from __future__ import annotations

from outreach.models import Attempt
from outreach.models.moves import move
from outreach.models.states import SendStatus


async def put_back(row: Attempt) -> None:
    """The pause came as it was being taken up: it waits again as if it had not been."""
    await move(Attempt, row.id, SendStatus.QUEUED, tries=row.tries - 1)
