"""Calling off what is still under way, with a word of why to everyone concerned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tortoise.expressions import F

from outreach.models import Attempt, Notice, Offer, Outreach, Responder, Target, Task
from outreach.models.moves import move, move_all
from outreach.models.states import (
    LIVE_TASK,
    Audience,
    NoticeChannel,
    OfferStatus,
    SendStatus,
    TaskStatus,
)


async def cancel_messages(outreach_id: UUID, steps: Collection[int] | None = None) -> int:
    """Cancel what is queued or would be sent again, of these steps or of all; answers how many."""
    waiting = Attempt.filter(outreach_id=outreach_id, status__in=[SendStatus.QUEUED, SendStatus.UNKNOWN])
    if steps is not None:
        waiting = waiting.filter(step__in=list(steps))
    ids = [row.id for row in await waiting]
    return await move_all(Attempt, ids, SendStatus.CANCELLED) if ids else 0


async def withdraw_offers(outreach_id: UUID, why: str, now: datetime, *, kind: str | None = None) -> None:
    """Withdraw the offers still open (of one task kind, or all) and tell each who was asked why."""
    asked = Offer.filter(outreach_id=outreach_id, status=OfferStatus.OFFERED)
    for offer in await (asked.filter(kind=kind) if kind else asked):
        if await move(Offer, offer.id, OfferStatus.WITHDRAWN, settled_at=now) and await _was_told(offer):
            await _tell_responder(offer.responder_id, outreach_id, offer.id, why, now)


async def close_tasks(
    outreach_id: UUID, why: str, now: datetime, *, but: UUID | None = None, kind: str | None = None
) -> int:
    """Close the tasks others hold (all but `but`; of one kind, or all), free and tell them; answers how many."""
    closed, held = 0, Task.filter(outreach_id=outreach_id, status__in=LIVE_TASK)
    for task in await (held.filter(kind=kind) if kind else held):
        if task.id != but and await close_task(task, why, now):
            closed += 1
            await _tell_responder(task.responder_id, outreach_id, task.offer_id, why, now)
    return closed


async def close_task(task: Task, why: str, at: datetime) -> bool:
    """Close one task and free its holder's place; False when it was closed already."""
    if not await move(Task, task.id, TaskStatus.CLOSED, closed_at=at, close_reason=why):
        return False
    await Responder.filter(id=task.responder_id, load__gt=0).update(load=F("load") - 1)
    # Nobody holds it any more: whoever read that somebody did, decides on something else.
    await Outreach.filter(id=task.outreach_id).update(version=F("version") + 1)
    return True


async def tell_source(target: Target, kind: str, now: datetime) -> None:
    """Queue the word to the source that warned, where it has an address to be told at."""
    await target.fetch_related("warning__source")
    if target.warning.source.webhook_url:
        await Notice.create(
            audience=Audience.SOURCE,
            channel=NoticeChannel.WEBHOOK,
            kind=kind,
            source_id=target.warning.source_id,
            outreach_id=target.outreach_id,
            target_id=target.id,
            queued_at=now,
            send_after=now,
        )


async def call_off_all(outreach: Outreach, why: str, now: datetime, *, but: UUID | None = None) -> None:
    """Cancel messages, withdraw offers and close tasks (all but `but`) of one outreach."""
    await cancel_messages(outreach.id)
    await withdraw_offers(outreach.id, why, now)
    await close_tasks(outreach.id, why, now, but=but)


async def _was_told(offer: Offer) -> bool:
    """Whether the offer may have reached its addressee; what has not left yet, or would be sent again, is cancelled."""
    words = await Notice.filter(offer_id=offer.id)
    waiting = [word.id for word in words if word.status in (SendStatus.QUEUED, SendStatus.UNKNOWN)]
    await move_all(Notice, waiting, SendStatus.CANCELLED)
    # Somebody whose offer never left the queue, and who did not see it in the app, has nothing to be told back.
    return offer.seen_at is not None or any(
        word.sending_at is not None or word.status is not SendStatus.QUEUED for word in words
    )


async def _tell_responder(
    responder_id: UUID | None, outreach_id: UUID, offer_id: UUID, why: str, now: datetime
) -> None:
    if responder_id is None:
        return
    await Notice.create(
        audience=Audience.RESPONDER,
        channel=NoticeChannel.SMS,
        kind="called_off",
        responder_id=responder_id,
        outreach_id=outreach_id,
        offer_id=offer_id,
        queued_at=now,
        send_after=now,
        data={"why": why},
    )
