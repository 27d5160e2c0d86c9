"""Sending the notices that are due: texts and pushes to responders, webhooks to sources, and the board as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import httpx2
from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.delivery import NO_ANSWER, TO_RESIDENTS, TO_RESPONDERS, Follows, Lane, Lookup, Refusal, Rivals, Room, Said
from outreach.messaging import AnswerLost, Messenger, SendRefused
from outreach.messaging.inbound import address_of
from outreach.messaging.pacing import Rates, rates_of
from outreach.messaging.segments import segments
from outreach.models import Notice, Responder
from outreach.models.moves import move
from outreach.models.states import NoticeChannel, SendStatus
from outreach.notices.pushing import push
from outreach.notices.settling import after_settling, undelivered
from outreach.notices.telling import tell_source
from outreach.notices.wording import is_too_late, text_of
from outreach.outcomes import hold
from outreach.settings import Settings

Send = Callable[[], Awaitable[None]]
RESIDENTS = Rivals("attempt", delivery.TEXTS_TO_RESIDENTS, TO_RESIDENTS)
POSTS = Lane("s.channel IN ('webhook', 'push')")


async def take_up(messenger: Messenger, settings: Settings, now: datetime, room: Room) -> list[Send]:
    """Take up due texts and words on the board; answers the sends, each to be begun at once."""
    rows = await delivery.claim(Notice, now, room, lanes(messenger, settings))
    return [partial(_send, row, messenger, settings, now) for row in rows]


async def take_up_webhooks(client: httpx2.AsyncClient, settings: Settings, now: datetime, room: Room) -> list[Send]:
    """Take up due webhooks and pushes: apart, since who does not answer must not keep a responder's text waiting."""
    rows = await delivery.claim(Notice, now, room, [POSTS])
    return [partial(_post, row, client, settings, now) for row in rows]


async def send_due(
    messenger: Messenger, webhook_client: httpx2.AsyncClient, settings: Settings, now: datetime, limit: int = 50
) -> int:
    """Send up to `limit` due notices and as many webhooks at once, and wait for all of them; answers how many."""
    sends = await take_up(messenger, settings, now, Room(limit))
    sends += await take_up_webhooks(webhook_client, settings, now, Room(limit))
    await asyncio.gather(*(send() for send in sends))
    return len(sends)


def lanes(messenger: Messenger, settings: Settings) -> list[Lane]:
    """Texts under their limits, and what is no text, which has none."""
    texts = delivery.lanes_of(
        "s.channel = 'sms'", "sms", rates_of("sms", messenger, settings), TO_RESPONDERS, RESIDENTS
    )
    return [*texts, Lane("s.channel NOT IN ('sms', 'webhook', 'push')")]


async def _send(row: Notice, messenger: Messenger, settings: Settings, now: datetime) -> None:
    with delivery.under_way([row]):
        if row.channel is NoticeChannel.SMS:
            await _send_text(row, messenger, settings, now)
        else:
            await move(Notice, row.id, SendStatus.SENT, sent_at=now)


async def _post(row: Notice, client: httpx2.AsyncClient, settings: Settings, now: datetime) -> None:
    with delivery.under_way([row]):
        await (push if row.channel is NoticeChannel.PUSH else tell_source)(row, client, settings, now)


async def resolve_stale(messenger: Messenger, settings: Settings, now: datetime) -> int:
    """Look up texts whose answer was lost, each every 10 s at most; answers how many were found at the provider."""

    async def describe(row: Notice) -> Lookup | None:
        words = await _words(row, messenger, settings) if row.channel is NoticeChannel.SMS else None
        return Lookup("sms", *words) if words else None

    async def then(row: Notice, said: Said) -> None:
        await after_settling(row, said, now)

    async def held_up(row: Notice) -> None:
        await delivery.hold_up(Notice, row, NO_ANSWER, now)

    return await delivery.resolve_stale(Notice, messenger, Follows(describe, then, held_up), now)


async def _words(row: Notice, messenger: Messenger, settings: Settings) -> tuple[str, str] | None:
    return await text_of(row, settings, two_way="two_way" in messenger.can)


async def _send_text(row: Notice, messenger: Messenger, settings: Settings, now: datetime) -> None:
    words = await _words(row, messenger, settings)
    if words is None:
        await delivery.store_failed(Notice, row.id, "nobody", now)
        return
    if is_too_late(row, now):
        await delivery.store_failed(Notice, row.id, "expired", now)
        return
    await _charge(row, segments(words[1]) - 1, rates_of("sms", messenger, settings), now)
    callback = address_of(f"notices/{row.id}/status", settings)
    try:
        accepted = await messenger.send_sms(*words, callback)
    except SendRefused as no:
        async with in_transaction():
            if row.outreach_id is not None:
                await hold(row.outreach_id)
            if await delivery.store_refused(Notice, row, no.code, no.fault, now) is Refusal.FAILED:
                await undelivered(row, no.code, now)
    except AnswerLost:
        await delivery.store_lost(Notice, row.id)
    else:
        async with in_transaction():
            await delivery.store_sent(Notice, row.id, accepted.sid, now)
            await after_settling(row, Said(SendStatus.SENT, accepted.sid), now)


async def _charge(row: Notice, more: int, rates: Rates, now: datetime) -> None:
    """A text of several segments takes the time of several; whose country it goes to is asked only for that."""
    if more and not rates.unlimited:
        told = await Responder.get_or_none(id=row.responder_id) if row.responder_id else None
        await delivery.charge({told.country if told else "": more}, rates, now)
