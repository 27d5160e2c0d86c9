"""Writing down what the provider said to a send. A callback may have come first: then only what is missing is added."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from outreach.delivery.heeding import heed, tell_trouble
from outreach.messaging import Fault
from outreach.models import Sent
from outreach.models.moves import move, sources_of
from outreach.models.statements import fetch
from outreach.models.states import SendStatus

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
HELD_UP_AT = 2
"""The try whose refusal tells a provider in trouble from a busy moment: from then on nobody waits for this one."""
WAITS_FOR = timedelta(hours=4)
"""How long one is tried again that the provider cannot take: words of this morning help nobody in the evening."""


class Refusal(Enum):
    """What became of a refused send: `WAITS` for its next try; does, but the next step shall not wait for it
    (`HELD_UP`, told once); has `FAILED`; or had been settled before (also `WAITS`: nothing follows)."""

    WAITS = auto()
    HELD_UP = auto()
    FAILED = auto()


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


async def store_refused(model: type[Sent], row: Sent, code: str, fault: Fault, at: datetime) -> Refusal:
    """The provider said no: tried again with growing pauses, for four hours at most, unless that is useless."""
    if fault != "later" or at - row.queued_at >= WAITS_FOR:
        if not await store_failed(model, row.id, code, at):
            return Refusal.WAITS
        await heed(row, code, fault, at)
        return Refusal.FAILED
    waits = await move(model, row.id, SendStatus.QUEUED, send_after=at + pause_of(row))
    late = waits and row.tries >= HELD_UP_AT and await hold_up(model, row, code, at)
    return Refusal.HELD_UP if late else Refusal.WAITS


async def hold_up(model: type[Sent], row: Sent, code: str, at: datetime) -> bool:
    """From now on nobody waits for this one, and the board knows why; False where that was so before."""
    if not await model.filter(id=row.id, held_up_at__isnull=True).update(held_up_at=at):
        return False
    await tell_trouble(code, at)
    return True


def pause_of(row: Sent) -> timedelta:
    """How long a refused send rests: 5 s, doubling, a minute at most, and for each row up to half as long again.

    Those that were refused together so do not all come back together; the extra is drawn from the row's id.
    """
    doubled: timedelta = FIRST_PAUSE * 2 ** min(row.tries - 1, 10)
    return min(doubled, LONGEST_PAUSE) * (1 + row.id.int % 1000 / 2000)


async def store_lost(model: type[Sent], row_id: UUID) -> bool:
    """Nobody knows whether it was sent; False when a callback had told already."""
    return await model.filter(id=row_id, status=SendStatus.SENDING).update(status=SendStatus.UNKNOWN) == 1
