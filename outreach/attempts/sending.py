"""Sending what is due: commit *sending*, talk to the provider without holding the database, store what it said."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.attempts.settling import after_settling
from outreach.attempts.waiting import put_back
from outreach.attempts.wording import Message, Unsendable, lookup, prepare
from outreach.delivery import NO_ANSWER, TO_RESIDENTS, TO_RESPONDERS, Follows, Lane, Lookup, Refusal, Rivals, Room, Said
from outreach.errors import MisSet
from outreach.messaging import Accepted, AnswerLost, Fault, Messenger, SendRefused
from outreach.messaging.inbound import address_of
from outreach.messaging.pacing import rates_of
from outreach.messaging.segments import segments
from outreach.models import Attempt
from outreach.models.together import together
from outreach.outcomes import hold, hurry, note_event, opted_out_at_provider
from outreach.settings import Settings

Send = Callable[[], Awaitable[None]]
log = structlog.get_logger(__name__)
UNREADABLE = (MisSet, LookupError, ValueError, TypeError)
"""What a row whose words or number are spoilt raises. A database that does not answer spoils none."""
STAFF = Rivals("notice", "s.channel = 'sms'", TO_RESPONDERS)
FOLLOWS = {Refusal.FAILED: "attempt_failed", Refusal.HELD_UP: "attempt_held_up"}
"""What a refusal is called in the timeline."""


async def take_up(messenger: Messenger, settings: Settings, now: datetime, room: Room) -> list[Send]:
    """Take up due attempts, as many as there is room for; answers the sends, each to be begun at once."""
    rows = await delivery.claim(Attempt, now, room, lanes(messenger, settings))
    if not rows:
        return []
    messages = await _prepared(rows, settings, "two_way" in messenger.can, now)
    await _charge(messages, messenger, settings, now)
    ready = zip(rows, messages, strict=True)
    return [partial(_send, row, message, messenger, settings, now) for row, message in ready]


async def send_due(messenger: Messenger, settings: Settings, now: datetime, limit: int = 50) -> int:
    """Send up to `limit` due attempts at once and wait for all of them; answers how many were taken up."""
    sends = await take_up(messenger, settings, now, Room(limit))
    await asyncio.gather(*(send() for send in sends))
    return len(sends)


def lanes(messenger: Messenger, settings: Settings) -> list[Lane]:
    """Texts and calls under their limits."""
    sms, voice = (rates_of(kind, messenger, settings) for kind in ("sms", "voice"))
    texts = delivery.lanes_of(delivery.TEXTS_TO_RESIDENTS, "sms", sms, TO_RESIDENTS, STAFF)
    calls = delivery.lanes_of(delivery.CALLS_TO_RESIDENTS, "voice", voice, TO_RESIDENTS)
    return [*texts, *calls]


async def _prepared(
    rows: list[Attempt], settings: Settings, two_way: bool, now: datetime
) -> list[Message | Unsendable]:
    try:
        return await prepare(rows, settings, two_way, now)
    except UNREADABLE as failure:
        if len(rows) == 1:
            log.error("attempt_unreadable", attempt=str(rows[0].id), error=type(failure).__name__)
            return [Unsendable("unreadable")]
    # One that cannot be put into words must not keep the others from leaving.
    return [(await _prepared([row], settings, two_way, now))[0] for row in rows]


async def _charge(
    messages: Sequence[Message | Unsendable], messenger: Messenger, settings: Settings, now: datetime
) -> None:
    """A long text takes the time of several: the claim counted it as one."""
    more: Counter[str] = Counter()
    for message in messages:
        if isinstance(message, Message) and message.kind == "sms":
            more[message.country] += segments(message.body) - 1
    await delivery.charge(more, rates_of("sms", messenger, settings), now)


async def resolve_stale(messenger: Messenger, settings: Settings, now: datetime) -> int:
    """Look up attempts whose answer was lost, each every 10 s at most; answers how many were found at the provider."""

    async def describe(row: Attempt) -> Lookup | None:
        return await lookup(row, settings, "two_way" in messenger.can, now)

    async def then(row: Attempt, said: Said) -> None:
        await after_settling(row, said, now)

    async def held_up(row: Attempt) -> None:
        async with in_transaction():
            await hold(row.outreach_id)
            if await delivery.hold_up(Attempt, row, NO_ANSWER, now):
                await _hurry_past(row, "attempt_held_up", NO_ANSWER, now)

    return await delivery.resolve_stale(Attempt, messenger, Follows(describe, then, held_up), now)


async def _send(
    row: Attempt, message: Message | Unsendable, messenger: Messenger, settings: Settings, now: datetime
) -> None:
    with delivery.under_way([row]):
        if isinstance(message, Message):
            await _try(row, message, messenger, settings, now)
        elif message.waits:
            await put_back(row)
        elif message.called_off:
            await delivery.store_failed(Attempt, row.id, message.code, now)
        else:
            await _failed(row, message.code, "never", now)


async def _try(row: Attempt, message: Message, messenger: Messenger, settings: Settings, now: datetime) -> None:
    try:
        accepted = await _hand_over(row, message, messenger, settings)
    except SendRefused as no:
        await _failed(row, no.code, no.fault, now)
    except AnswerLost:
        await delivery.store_lost(Attempt, row.id)
    else:
        await together(lambda: _sent(row, accepted, now))


async def _hand_over(row: Attempt, message: Message, messenger: Messenger, settings: Settings) -> Accepted:
    ours = address_of(f"attempts/{row.id}", settings)
    if message.kind == "voice":
        return await messenger.call(message.to, f"{ours}/voice", f"{ours}/status")
    return await messenger.send_sms(message.to, message.body, f"{ours}/status")


async def _sent(row: Attempt, accepted: Accepted, now: datetime) -> None:
    await delivery.store_sent(Attempt, row.id, accepted.sid, now)
    what: dict[str, Any] = {"attempt": str(row.id), "channel": row.channel.value}
    await note_event(row.outreach_id, "attempt_sent", now, now, **what)


async def _failed(row: Attempt, code: str, fault: Fault, now: datetime) -> None:
    async with in_transaction():
        await hold(row.outreach_id)
        refusal = await delivery.store_refused(Attempt, row, code, fault, now)
        if refusal is Refusal.WAITS:
            return
        if fault == "opt_out":
            await opted_out_at_provider(row, now)
        await _hurry_past(row, FOLLOWS[refusal], code, now)


async def _hurry_past(row: Attempt, event: str, code: str, now: datetime) -> None:
    """The next step shall not wait for this one."""
    what: dict[str, Any] = {"attempt": str(row.id), "channel": row.channel.value, "code": code}
    await note_event(row.outreach_id, event, now, now, **what)
    await hurry(row.outreach_id, now)
