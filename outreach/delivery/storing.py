"""Writing down what the provider said to a send. A callback may have come first: then only what is missing is added."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from outreach.models import Sent
from outreach.models.moves import move
from outreach.models.states import SendStatus

MAX_TRIES = 5
FIRST_PAUSE = timedelta(seconds=5)


async def store_sent(model: type[Sent], row_id: UUID, sid: str, at: datetime) -> bool:
    """The provider has it under `sid`; False when a callback had told already."""
    moved = await move(model, row_id, SendStatus.SENT)
    await keep_first(model, row_id, sid=sid, sent_at=at)
    return moved


async def store_failed(model: type[Sent], row_id: UUID, code: str, at: datetime) -> bool:
    """It will not be sent, for the reason `code`; False when it had moved on already."""
    return await move(model, row_id, SendStatus.FAILED, failed_at=at, failure=code[:64])


async def store_refused(model: type[Sent], row: Sent, code: str, permanent: bool, at: datetime) -> bool:
    """The provider said no: tried again with pauses (5 s, doubling) unless that is useless; True when it failed."""
    if permanent or row.tries >= MAX_TRIES:
        return await store_failed(model, row.id, code, at)
    await move(model, row.id, SendStatus.QUEUED, send_after=at + FIRST_PAUSE * 2 ** (row.tries - 1))
    return False


async def store_lost(model: type[Sent], row_id: UUID) -> bool:
    """Nobody knows whether it was sent; False when a callback had told already."""
    return await model.filter(id=row_id, status=SendStatus.SENDING).update(status=SendStatus.UNKNOWN) == 1


async def keep_first(model: type[Sent], row_id: UUID, **values: object) -> None:
    """Write each of `values` where its column is still empty: the first word stands."""
    for column, value in values.items():
        await model.filter(id=row_id, **{f"{column}__isnull": True}).update(**{column: value})
