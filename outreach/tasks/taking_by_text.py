"""A responder texts the code of an offer back: the task is theirs, or a text says why it is not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.delivery.hearing import keep_text
from outreach.errors import AlreadyTaken, AtCapacity, NotEligible, Refusal
from outreach.models import Notice, Offer, Task
from outreach.models.states import LIVE_TASK, Audience, NoticeChannel, OfferStatus
from outreach.outcomes import hold
from outreach.tasks.accepting import accept

KIND = "not_taken"
WHY: dict[type[Refusal], str] = {AtCapacity: "full", NotEligible: "not_cleared"}


async def take_by_code(responder_id: UUID, code: str, provider: str, sid: str, now: datetime) -> None:
    """Accept this responder's newest offer of that code; where it cannot be, a text says why. Once per id."""
    made = Offer.filter(responder_id=responder_id, code=code).order_by("-offered_at", "-id")
    offer = await made.first()
    if offer is None:
        return
    async with in_transaction():
        if not await keep_text(provider, sid, now):
            return
        try:
            await accept(offer.id, responder_id, now)
        except Refusal as refusal:
            # The provider would send the text again for an error.
            await _say_why(offer.id, type(refusal), now)


async def _say_why(offer_id: UUID, refusal: type[Refusal], now: datetime) -> None:
    offer = await Offer.get(id=offer_id)
    await hold(offer.outreach_id)
    await Notice.create(
        audience=Audience.RESPONDER,
        channel=NoticeChannel.SMS,
        kind=KIND,
        responder_id=offer.responder_id,
        outreach_id=offer.outreach_id,
        offer_id=offer.id,
        queued_at=now,
        send_after=now,
        data={"why": await _why(offer, refusal)},
    )


async def _why(offer: Offer, refusal: type[Refusal]) -> str:
    if refusal in WHY:
        return WHY[refusal]
    if refusal is AlreadyTaken:
        held = Task.filter(outreach_id=offer.outreach_id, kind=offer.kind, status__in=LIVE_TASK)
        # They may hold it by a later offer, or from a coordinator: the word that another has it would keep them away.
        return "yours" if await held.filter(responder_id=offer.responder_id).exists() else "taken"
    if offer.status is not OfferStatus.WITHDRAWN:
        return "passed_on"
    told = await Notice.filter(offer_id=offer.id, kind="called_off").order_by("-queued_at").first()
    return str(told.data.get("why", "other")) if told else "other"
