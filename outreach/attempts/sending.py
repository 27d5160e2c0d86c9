"""Sending what is due: commit *sending*, talk to the provider without holding the database, store what it said."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.attempts.settling import after_settling
from outreach.attempts.wording import Message, Unsendable, lookup, prepare
from outreach.delivery import Lookup, Said
from outreach.messaging import Accepted, AnswerLost, Messenger, SendRefused
from outreach.messaging.reading import opted_out_by_provider
from outreach.models import Attempt
from outreach.models.together import together
from outreach.outcomes import hold, hurry, note_event, opted_out_at_provider
from outreach.settings import Settings


async def send_due(messenger: Messenger, settings: Settings, now: datetime, limit: int = 50) -> int:
    """Send up to `limit` due attempts, `settings.send_slots` at once; answers how many were taken up."""
    rows = await delivery.claim(Attempt, now, limit)
    if not rows:
        return 0
    slots, two_way = asyncio.Semaphore(settings.send_slots), "two_way" in messenger.can
    with delivery.under_way(rows):
        ready = zip(rows, await prepare(rows, settings, two_way), strict=True)
        await asyncio.gather(*(_send(row, message, messenger, settings, now, slots) for row, message in ready))
    return len(rows)


async def resolve_stale(messenger: Messenger, settings: Settings, now: datetime) -> int:
    """Look up attempts whose answer was lost, each every 10 s at most; answers how many were found at the provider."""

    async def describe(row: Attempt) -> Lookup | None:
        return await lookup(row, settings, "two_way" in messenger.can)

    async def then(row: Attempt, said: Said) -> None:
        await after_settling(row, said, now)

    return await delivery.resolve_stale(Attempt, messenger, describe, then, now)


async def _send(
    row: Attempt,
    message: Message | Unsendable,
    messenger: Messenger,
    settings: Settings,
    now: datetime,
    slots: asyncio.Semaphore,
) -> None:
    if isinstance(message, Unsendable):
        if message.called_off:
            await delivery.store_failed(Attempt, row.id, message.code, now)
        else:
            await _failed(row, message.code, True, now)
        return
    try:
        async with slots:
            accepted = await _hand_over(row, message, messenger, settings)
    except SendRefused as no:
        await _failed(row, no.code, no.permanent, now)
    except AnswerLost:
        await delivery.store_lost(Attempt, row.id)
    else:
        await together(lambda: _sent(row, accepted, now))


async def _hand_over(row: Attempt, message: Message, messenger: Messenger, settings: Settings) -> Accepted:
    ours = f"{settings.public_url.rstrip('/')}/twilio/attempts/{row.id}"
    if message.kind == "voice":
        return await messenger.call(message.to, f"{ours}/voice", f"{ours}/status")
    return await messenger.send_sms(message.to, message.body, f"{ours}/status")


async def _sent(row: Attempt, accepted: Accepted, now: datetime) -> None:
    await delivery.store_sent(Attempt, row.id, accepted.sid, now)
    what: dict[str, Any] = {"attempt": str(row.id), "channel": row.channel.value}
    await note_event(row.outreach_id, "attempt_sent", now, now, **what)


async def _failed(row: Attempt, code: str, permanent: bool, now: datetime) -> None:
    async with in_transaction():
        await hold(row.outreach_id)
        if await delivery.store_refused(Attempt, row, code, permanent, now):
            what: dict[str, Any] = {"attempt": str(row.id), "channel": row.channel.value, "code": code}
            await note_event(row.outreach_id, "attempt_failed", now, now, **what)
            if opted_out_by_provider(code):
                await opted_out_at_provider(row, now)
            await hurry(row.outreach_id, now)
