"""An offer is answered: accepted, which books the responder and makes the task, or declined."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from outreach.errors import AlreadyTaken, NotFound, OfferOver
from outreach.models import Offer, Outreach, Task
from outreach.models.moves import move
from outreach.models.states import LIVE_TASK, OfferStatus
from outreach.outcomes import Actor, look_at, note_event, policy_of
from outreach.outcomes.calling_off import withdraw_offers
from outreach.tasks.booking import book
from outreach.tasks.rules import step_for


async def accept(offer_id: UUID, responder_id: UUID, now: datetime) -> Task:
    """Take the task; a second time answers the same task and acknowledges it.

    Raises NotFound, OfferOver, AlreadyTaken, AtCapacity, NotEligible: then nothing was changed.
    """
    try:
        async with in_transaction():
            outreach, offer = await _hold(offer_id, responder_id)
            if offer.status is OfferStatus.ACCEPTED:
                return await _acknowledge(offer, now)
            await _refuse_unless_open(offer, now)
            return await _take(outreach, offer, responder_id, now)
    except IntegrityError:
        # The index one_live_task has the last word.
        raise AlreadyTaken from None


async def decline(offer_id: UUID, responder_id: UUID, reason: str, now: datetime) -> Offer:
    """Say no, with a code for why (`other` for anything that is no code); the next is asked at once.

    A second no changes nothing. Raises NotFound, or OfferOver when it was accepted, lapsed or withdrawn.
    """
    async with in_transaction():
        outreach, offer = await _hold(offer_id, responder_id)
        if offer.status is OfferStatus.DECLINED:
            return offer
        why = reason if re.fullmatch(r"[a-z][a-z_]{0,39}", reason) else "other"
        if not await move(Offer, offer.id, OfferStatus.DECLINED, settled_at=now, decline_reason=why):
            raise OfferOver
        data = {"task_kind": offer.kind.value, "offer_id": str(offer.id), "reason": why}
        await note_event(outreach.id, "declined", now, now, Actor("responder", responder_id), None, **data)
        await look_at(outreach.id, now)
        return await Offer.get(id=offer.id)


async def _hold(offer_id: UUID, responder_id: UUID) -> tuple[Outreach, Offer]:
    # The outreach is locked before anything below it, here as everywhere: that is what keeps deadlocks away.
    offer = await Offer.filter(id=offer_id, responder_id=responder_id).first()
    if offer is None:
        raise NotFound
    outreach = await Outreach.select_for_update(no_key=True).get(id=cast(Any, offer).outreach_id)
    return outreach, await Offer.get(id=offer_id)


async def _acknowledge(offer: Offer, now: datetime) -> Task:
    task = await Task.filter(offer_id=offer.id).get()
    fresh = Task.filter(id=task.id, acknowledged_at__isnull=True, status__in=LIVE_TASK)
    if await fresh.update(acknowledged_at=now):
        actor = Actor("responder", cast(Any, task).responder_id)
        await note_event(cast(Any, task).outreach_id, "acknowledged", now, now, actor, task_id=str(task.id))
    return await Task.get(id=task.id)


async def _refuse_unless_open(offer: Offer, now: datetime) -> None:
    if await Task.filter(outreach_id=cast(Any, offer).outreach_id, kind=offer.kind, status__in=LIVE_TASK).exists():
        raise AlreadyTaken
    if offer.status is not OfferStatus.OFFERED or offer.lapses_at <= now:
        raise OfferOver


async def _take(outreach: Outreach, offer: Offer, responder_id: UUID, now: datetime) -> Task:
    await book(responder_id, now)
    if not await move(Offer, offer.id, OfferStatus.ACCEPTED, settled_at=now):
        raise OfferOver
    policy = await policy_of(outreach)
    task = await Task.create(
        outreach_id=outreach.id,
        kind=offer.kind,
        responder_id=responder_id,
        offer_id=offer.id,
        accepted_at=now,
        acknowledged_at=now,
        due_at=now + step_for(policy, offer.kind.value, offer.step).within,
    )
    # A coordinator who read that nobody holds it must read again before deciding.
    await Outreach.filter(id=outreach.id).update(version=F("version") + 1)
    await withdraw_offers(outreach.id, "taken", now, kind=offer.kind.value)
    data: dict[str, object] = {"task_kind": offer.kind.value, "offer_id": str(offer.id), "task_id": str(task.id)}
    data["version"] = outreach.version + 1
    await note_event(outreach.id, "accepted", now, now, Actor("responder", responder_id), None, **data)
    await look_at(outreach.id, now)
    return task
