"""Sends whose answer was lost: looked up at the provider, and only then sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

import structlog
from tortoise.expressions import Q

from outreach.delivery.adopting import adopt
from outreach.delivery.claiming import is_under_way
from outreach.delivery.polling import poll_stuck
from outreach.delivery.settling import Said
from outreach.messaging import AnswerLost, Messenger, SendRefused
from outreach.messaging.messenger import Kind
from outreach.models import Sent
from outreach.models.states import SendStatus

S = TypeVar("S", bound=Sent)
log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(seconds=60)
"""How long a send may be under way before its process is taken for dead: longer than any queue of slots and time limit
in a living one."""
LOOK_AFTER = timedelta(seconds=10)
"""From one look to the next: twice as long as a provider keeps an accepted message out of its lists (5 s)."""
LOST_FOR = timedelta(seconds=25)
"""How long a send that nobody finds is looked for. A person in danger waits for it, and two looks with a pause between
them prove as much as a minute of them: whatever was accepted before the first is in the lists at the second."""
LIMIT, AT_ONCE = 50, 8


@dataclass(frozen=True)
class Lookup:
    """What a lost send would look like at the provider."""

    kind: Kind
    to: str
    body: str


@dataclass(frozen=True)
class Follows(Generic[S]):
    """What the room that owns the rows does: put one into words (None: it cannot have been sent), what follows a word
    of the provider, and what follows when one is still missing although the provider should long have told."""

    describe: Callable[[S], Awaitable[Lookup | None]]
    then: Callable[[S, Said], Awaitable[None]]
    held_up: Callable[[S], Awaitable[None]]


async def resolve_stale(model: type[S], messenger: Messenger, follows: Follows[S], now: datetime) -> int:
    """Find out what became of lost and silent sends, and store it; answers how many were found.

    Rows that cannot be put into words, and those that two looks did not find, are queued again.
    """
    dead, lost = await _lost(model, now)
    if dead:
        silent = model.filter(id__in=dead, status=SendStatus.SENDING, sending_at__lte=now - STALE_AFTER)
        await silent.update(status=SendStatus.UNKNOWN)
    at_once = asyncio.Semaphore(AT_ONCE)

    async def look(row: S) -> bool:
        async with at_once:
            try:
                return await _look_up(model, messenger, follows, row, now)
            except Exception as failure:
                # One that cannot be looked up must not keep the others from being found.
                log.error("look_up_failed", row=str(row.id), error=type(failure).__name__)
                await _look_again(model, row, now)
                return False

    looks = await asyncio.gather(*(look(row) for row in lost))
    return sum(looks) + await poll_stuck(model, messenger, follows.then, now)


async def _lost(model: type[S], now: datetime) -> tuple[list[UUID], list[S]]:
    """Those whose process seems dead, and those to be looked for now; `send_after` says when to look for one next."""
    dead = Q(status=SendStatus.SENDING, sending_at__lte=now - STALE_AFTER)
    lost = Q(status=SendStatus.UNKNOWN, sending_at__lte=now - LOOK_AFTER, send_after__lte=now)
    rows = await model.filter(dead | lost).order_by("sending_at").limit(LIMIT)
    silent = [row for row in rows if row.status is SendStatus.SENDING and not is_under_way(row.id)]
    return [row.id for row in silent], [row for row in rows if row.status is SendStatus.UNKNOWN] + silent


async def _look_up(model: type[S], messenger: Messenger, follows: Follows[S], row: S, now: datetime) -> bool:
    wanted = await follows.describe(row)
    assert row.sending_at is not None
    try:
        found = await messenger.find(wanted.kind, wanted.to, wanted.body, row.sending_at) if wanted else []
    except (AnswerLost, SendRefused):
        if row.held_up_at is None and row.sending_at <= now - LOST_FOR:
            await follows.held_up(row)
        await _look_again(model, row, now)
        return False
    for one in found:
        if not await model.filter(sid=one.sid).exists():
            await adopt(model, row, one, follows.then, now)
            return True
    if _long_gone(row, now):
        # Another process may have looked too, and have sent it again meanwhile: then it is no longer this send.
        this_send = model.filter(id=row.id, status=SendStatus.UNKNOWN, tries=row.tries)
        await this_send.update(status=SendStatus.QUEUED, send_after=now)
    else:
        await _look_again(model, row, now)
    return False


def _long_gone(row: Sent, now: datetime) -> bool:
    """Whether looking for it once more would tell nothing new."""
    assert row.sending_at is not None
    if row.status is SendStatus.SENDING:
        return True
    # It may have waited for its slot and been lost a moment ago: only a look since then says that it was lost before.
    return row.send_after > row.sending_at and row.sending_at <= now - LOST_FOR


async def _look_again(model: type[S], row: S, now: datetime) -> None:
    await model.filter(id=row.id, status=SendStatus.UNKNOWN, tries=row.tries).update(send_after=now + LOOK_AFTER)
