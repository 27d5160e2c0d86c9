"""Writing down what the provider said to a send. A callback may have come first: then only what is missing is added."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from outreach.delivery.heeding import heed
from outreach.models import Sent
from outreach.models.moves import move, sources_of
from outreach.models.statements import fetch
from outreach.models.states import SendStatus

MAX_TRIES = 5
FIRST_PAUSE = timedelta(seconds=5)


STORE_SENT = """
    UPDATE "{table}" SET sid = COALESCE(sid, $2), sent_at = COALESCE(sent_at, $3),
        status = CASE WHEN status IN ('{from_states}') THEN 'sent' ELSE status END
    WHERE id = $1"""
"""The provider's id and time are kept where no callback brought them before; no state moves backwards."""


async def store_sent(model: type[Sent], row_id: UUID, sid: str, at: datetime) -> None:
    """The provider has it under `sid`; where a callback had told already, its word stands."""
    from_states = "', '".join(sources_of(model, SendStatus.SENT))
    await fetch(STORE_SENT.format(table=model._meta.db_table, from_states=from_states), row_id, sid, at)


async def store_failed(model: type[Sent], row_id: UUID, code: str, at: datetime) -> bool:
    """It will not be sent, for the reason `code`; False when it had moved on already."""
    return await move(model, row_id, SendStatus.FAILED, failed_at=at, failure=code[:64])


async def store_refused(model: type[Sent], row: Sent, code: str, permanent: bool, at: datetime) -> bool:
    """The provider said no: tried again with pauses (5 s, doubling) unless that is useless; True when it failed."""
    if permanent or row.tries >= MAX_TRIES:
        failed = await store_failed(model, row.id, code, at)
        if failed:
            await heed(row, code, at)
        return failed
    await move(model, row.id, SendStatus.QUEUED, send_after=at + FIRST_PAUSE * 2 ** (row.tries - 1))
    return False


async def store_lost(model: type[Sent], row_id: UUID) -> bool:
    """Nobody knows whether it was sent; False when a callback had told already."""
    return await model.filter(id=row_id, status=SendStatus.SENDING).update(status=SendStatus.UNKNOWN) == 1
