"""Sending the notices that are due: texts to responders, webhooks to sources, and the board, which needs no sending."""

from __future__ import annotations

import asyncio
from datetime import datetime

import httpx2
from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.delivery import Lookup, Said
from outreach.messaging import AnswerLost, Messenger, SendRefused
from outreach.models import Notice
from outreach.models.moves import move
from outreach.models.states import NoticeChannel, SendStatus
from outreach.notices.settling import after_settling, undelivered
from outreach.notices.telling import tell_source
from outreach.notices.wording import text_of
from outreach.outcomes import hold
from outreach.settings import Settings


async def send_due(
    messenger: Messenger, webhook_client: httpx2.AsyncClient, settings: Settings, now: datetime, limit: int = 50
) -> int:
    """Send up to `limit` due notices, `settings.send_slots` texts and webhooks each at once; answers how many."""
    rows = await delivery.claim(Notice, now, limit)
    # Sources that do not answer must not keep an offer waiting.
    slots, sources = asyncio.Semaphore(settings.send_slots), asyncio.Semaphore(settings.send_slots)

    async def one(row: Notice) -> None:
        async with sources if row.channel is NoticeChannel.WEBHOOK else slots:
            if row.channel is NoticeChannel.SMS:
                await _send_text(row, messenger, settings, now)
            elif row.channel is NoticeChannel.WEBHOOK:
                await tell_source(row, webhook_client, settings, now)
            elif row.channel is NoticeChannel.BOARD:
                await move(Notice, row.id, SendStatus.SENT, sent_at=now)
            else:
                await _refuse_push(row, now)

    with delivery.under_way(rows):
        await asyncio.gather(*(one(row) for row in rows))
    return len(rows)


async def resolve_stale(messenger: Messenger, settings: Settings, now: datetime) -> int:
    """Look up texts whose answer was lost, each every 10 s at most; answers how many were found at the provider."""

    async def describe(row: Notice) -> Lookup | None:
        words = await text_of(row, settings) if row.channel is NoticeChannel.SMS else None
        return Lookup("sms", *words) if words else None

    async def then(row: Notice, said: Said) -> None:
        await after_settling(row, said, now)

    return await delivery.resolve_stale(Notice, messenger, describe, then, now)


async def _send_text(row: Notice, messenger: Messenger, settings: Settings, now: datetime) -> None:
    words = await text_of(row, settings)
    if words is None:
        await delivery.store_failed(Notice, row.id, "nobody", now)
        return
    callback = f"{settings.public_url.rstrip('/')}/twilio/notices/{row.id}/status"
    try:
        accepted = await messenger.send_sms(*words, callback)
    except SendRefused as no:
        async with in_transaction():
            if row.outreach_id is not None:
                await hold(row.outreach_id)
            if await delivery.store_refused(Notice, row, no.code, no.permanent, now):
                await undelivered(row, no.code, now)
    except AnswerLost:
        await delivery.store_lost(Notice, row.id)
    else:
        async with in_transaction():
            await delivery.store_sent(Notice, row.id, accepted.sid, now)
            await after_settling(row, Said(SendStatus.SENT, accepted.sid), now)


async def _refuse_push(row: Notice, now: datetime) -> None:
    # Nothing here can push yet, and no row may claim that it was done.
    async with in_transaction():
        if await delivery.store_failed(Notice, row.id, "no_push", now):
            await undelivered(row, "no_push", now)
