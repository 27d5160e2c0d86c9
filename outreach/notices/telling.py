"""News to sources: posted, tried again with growing pauses, and after a day given up where coordinators see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.models import Notice, Source, Target
from outreach.models.moves import move
from outreach.models.statements import fetch
from outreach.models.states import Audience, NoticeChannel, SendStatus
from outreach.notices.addresses import secrets_of
from outreach.notices.webhooks import Answer, body_of, post
from outreach.settings import Settings

GIVES_UP_AFTER = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=5)
AGAIN_FROM = "again_from"
"""In a notice's data: since when it is being sent once more, after it had been given up."""


async def tell_source(row: Notice, client: httpx2.AsyncClient, settings: Settings, now: datetime) -> None:
    """Post one claimed notice, and write down what the source said."""
    source = await Source.get_or_none(id=row.source_id)
    body = await body_of(row)
    if source is None or body is None or not source.webhook_url:
        await _give_up(row, "no_address", settings, now)
    elif not (secrets := secrets_of(source, now)):
        await _give_up(row, "no_secret", settings, now)
    else:
        answer = await post(client, source.webhook_url, secrets, row, body, now)
        await _settle(row, answer, source.webhook_url, settings, now)


async def _settle(row: Notice, answer: Answer, url: str, settings: Settings, now: datetime) -> None:
    if answer.gone:
        # Only the address that said so: another may have been set meanwhile.
        await Source.filter(id=row.source_id, webhook_url=url).update(webhook_url=None)
        await _give_up(row, answer.fault, settings, now)
    elif answer.fault:
        await _again_later(row, answer, settings, now)
    else:
        async with in_transaction():
            await move(Notice, row.id, SendStatus.DELIVERED, sent_at=now, delivered_at=now)
            await Target.filter(id=row.target_id, told_at__isnull=True).update(told_at=now)


async def _again_later(row: Notice, answer: Answer, settings: Settings, now: datetime) -> None:
    pause = max(pause_after(row.id, row.tries), min(answer.wait, LONGEST_PAUSE))
    if now + pause > _trying_since(row) + GIVES_UP_AFTER:
        await _give_up(row, answer.fault, settings, now)
        return
    await move(Notice, row.id, SendStatus.QUEUED, send_after=now + pause)


def pause_after(notice_id: UUID, tries: int) -> timedelta:
    """How long to wait after that many tries: 5 s, doubling up to an hour, less up to a half.

    The half is each notice's own, so that a source that comes back is not met by all of them at once.
    """
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 12), LONGEST_PAUSE)
    lot: float = int.from_bytes(sha256(f"{notice_id}:{tries}".encode()).digest()[:4]) / 2**32
    return whole * (1 - lot / 2)


def _trying_since(row: Notice) -> datetime:
    again = row.data.get(AGAIN_FROM)
    return datetime.fromisoformat(again) if isinstance(again, str) else row.queued_at


async def _give_up(row: Notice, failure: str, settings: Settings, now: datetime) -> None:
    async with in_transaction():
        if await delivery.store_failed(Notice, row.id, failure, now) and row.source_id is not None:
            await _tell_coordinators(row.source_id, failure, settings, now)


async def _tell_coordinators(source_id: UUID, failure: str, settings: Settings, now: datetime) -> None:
    """A word on the board, one per source and day of the city, whatever the number of news that did not get through."""
    midnight = now.astimezone(ZoneInfo(settings.city_time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Two that give up at once take turns here; the second finds the first one's word.
    await fetch("SELECT id FROM source WHERE id = $1 FOR NO KEY UPDATE", source_id)
    if await Notice.filter(kind="source_not_told", source_id=source_id, queued_at__gte=midnight).exists():
        return
    await Notice.create(
        audience=Audience.COORDINATOR,
        channel=NoticeChannel.BOARD,
        kind="source_not_told",
        source_id=source_id,
        status=SendStatus.SENT,
        queued_at=now,
        send_after=now,
        sent_at=now,
        data={"failure": failure},
    )
