"""Sends whose answer was lost: looked up at the provider, and only then sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from tortoise.expressions import Q

from outreach.delivery.claiming import is_under_way
from outreach.delivery.settling import Said, meaning, settle
from outreach.messaging import AnswerLost, Messenger, SendRefused
from outreach.messaging.messenger import Kind
from outreach.models import Sent
from outreach.models.moves import move, move_all
from outreach.models.states import SendStatus

S = TypeVar("S", bound=Sent)

STALE_AFTER = timedelta(seconds=60)
"""How long a send may be under way before its process is taken for dead, and how long a lost one is looked for."""
LOOK_AFTER = timedelta(seconds=10)
LIMIT = 50


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
    then: Callable[[S, Said], Awaitable[None]],
    now: datetime,
    *,
    stale_after: timedelta = STALE_AFTER,
) -> int:
    """Find out what became of lost sends, store it, and do what follows (`then`); answers how many were found.

    Rows that `describe` cannot put into words, and those not found within `stale_after`, are queued again.
    """
    dead, lost = await _lost(model, now, stale_after)
    if dead:
        await move_all(model, dead, SendStatus.UNKNOWN)
    looks = [await _look_up(model, messenger, describe, then, row, now, stale_after) for row in lost]
    return sum(looks)


async def _lost(model: type[S], now: datetime, stale_after: timedelta) -> tuple[list[UUID], list[S]]:
    """Those whose process seems dead, and those to be looked for now; `send_after` says when to look for one next."""
    dead = Q(status=SendStatus.SENDING, sending_at__lte=now - stale_after)
    lost = Q(status=SendStatus.UNKNOWN, sending_at__lte=now - LOOK_AFTER, send_after__lte=now)
    rows = await model.filter(dead | lost).order_by("sending_at").limit(LIMIT)
    silent = [row for row in rows if row.status is SendStatus.SENDING and not is_under_way(row.id)]
    return [row.id for row in silent], [row for row in rows if row.status is SendStatus.UNKNOWN] + silent


async def _look_up(
    model: type[S],
    messenger: Messenger,
    describe: Callable[[S], Awaitable[Lookup | None]],
    then: Callable[[S, Said], Awaitable[None]],
    row: S,
    now: datetime,
    stale_after: timedelta,
) -> bool:
    wanted = await describe(row)
    assert row.sending_at is not None
    try:
        found = await messenger.find(wanted.kind, wanted.to, wanted.body, row.sending_at) if wanted else []
    except (AnswerLost, SendRefused):
        return False
    for one in found:
        if not await model.filter(sid=one.sid).exists():
            await _adopt(model, row, meaning(one.status, one.sid, one.code), then, now)
            return True
    if row.sending_at <= now - stale_after:
        await move(model, row.id, SendStatus.QUEUED, send_after=now)
    else:
        await model.filter(id=row.id, status=SendStatus.UNKNOWN).update(send_after=now + LOOK_AFTER)
    return False


async def _adopt(model: type[S], row: S, said: Said, then: Callable[[S, Said], Awaitable[None]], now: datetime) -> None:
    async def told(settled: S) -> None:
        await then(settled, said)

    await settle(model, row.id, said, now, told)
