"""Sends whose answer was lost: looked up at the provider, and only then sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from tortoise.transactions import in_transaction

from outreach.delivery.claiming import is_under_way
from outreach.delivery.settling import Said, meaning, settle
from outreach.delivery.storing import store_sent
from outreach.messaging import AnswerLost, Found, Messenger, SendRefused
from outreach.messaging.messenger import Kind
from outreach.models import Sent
from outreach.models.moves import move, move_all
from outreach.models.states import SendStatus

S = TypeVar("S", bound=Sent)

STALE_AFTER = timedelta(seconds=60)
"""How long a send may be under way before its process is taken for dead, and how long a lost one is looked for."""
LOOK_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class Lookup:
    """What a lost send would look like at the provider."""

    kind: Kind
    to: str
    body: str


async def resolve_stale(
    model: type[S],
    messenger: Messenger,
    describe: Callable[[S], Awaitable[Lookup | None]],
    now: datetime,
    *,
    stale_after: timedelta = STALE_AFTER,
    limit: int = 50,
) -> list[tuple[S, Said]]:
    """Find out what became of lost sends; answers those found, with what the provider says of them, already stored.

    Rows that `describe` cannot put into words, and those not found within `stale_after`, are queued again.
    """
    dead = await model.filter(status=SendStatus.SENDING, sending_at__lte=now - stale_after).limit(limit)
    await move_all(model, [row.id for row in dead if not is_under_way(row.id)], SendStatus.UNKNOWN)
    # While a row is unknown, `send_after` says when to look for it next.
    lost = model.filter(status=SendStatus.UNKNOWN, sending_at__lte=now - LOOK_AFTER, send_after__lte=now)
    rows = await lost.order_by("sending_at").limit(limit)
    adopted = [(row, await _look_up(model, messenger, describe, row, now, stale_after)) for row in rows]
    return [(row, said) for row, said in adopted if said is not None]


async def _look_up(
    model: type[S],
    messenger: Messenger,
    describe: Callable[[S], Awaitable[Lookup | None]],
    row: S,
    now: datetime,
    stale_after: timedelta,
) -> Said | None:
    wanted = await describe(row)
    assert row.sending_at is not None
    try:
        found = await messenger.find(wanted.kind, wanted.to, wanted.body, row.sending_at) if wanted else []
    except (AnswerLost, SendRefused):
        return None
    for one in found:
        if not await model.filter(sid=one.sid).exists():
            return await _adopt(model, row, one, now)
    if row.sending_at <= now - stale_after:
        await move(model, row.id, SendStatus.QUEUED, send_after=now)
    else:
        await model.filter(id=row.id, status=SendStatus.UNKNOWN).update(send_after=now + LOOK_AFTER)
    return None


async def _adopt(model: type[S], row: S, found: Found, now: datetime) -> Said:
    said = meaning(found.status, found.sid, found.code)
    async with in_transaction():
        await store_sent(model, row.id, found.sid, now)
        await settle(model, row.id, said, now)
    return said
