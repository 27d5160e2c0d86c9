"""News that a source was not told in a day of tries: listed, and sent again when somebody says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.models import Notice
from outreach.models.states import NoticeChannel, SendStatus
from outreach.notices.telling import AGAIN_FROM

AT_ONCE = 500


async def given_up(source: str | None = None, ids: Collection[UUID] | None = None) -> list[Notice]:
    """What was given up (with its `source`), oldest first: of all sources or the one with this code, or only `ids`."""
    rows = Notice.filter(channel=NoticeChannel.WEBHOOK, status=SendStatus.FAILED)
    if source is not None:
        rows = rows.filter(source__code=source)
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    return await rows.select_related("source").order_by("failed_at", "id")


async def send_again(ids: Sequence[UUID], now: datetime) -> int:
    """Queue these once more, for another day of tries and under the ids they had; answers how many were given up."""
    queued = 0
    async with in_transaction():
        for start in range(0, len(ids), AT_ONCE):
            queued += await _queue(ids[start : start + AT_ONCE], now)
    return queued


async def _queue(ids: Sequence[UUID], now: datetime) -> int:
    # No legal move of its own: a text or call that failed must never come back by itself, and this is asked for.
    failed = Notice.filter(id__in=list(ids), channel=NoticeChannel.WEBHOOK, status=SendStatus.FAILED)
    return await failed.update(
        status=SendStatus.QUEUED,
        failed_at=None,
        failure=None,
        tries=0,
        send_after=now,
        data={AGAIN_FROM: now.isoformat()},
    )
