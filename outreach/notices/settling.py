"""What became of a notice, and what follows for the offer that it carried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach import delivery
from outreach.delivery import Said
from outreach.models import Notice, Offer
from outreach.models.moves import move
from outreach.models.states import OfferStatus, SendStatus
from outreach.outcomes import look_at, note_event


async def settle(notice_id: UUID, said: Said, now: datetime) -> bool:
    """Store what the provider called back to say; True when the ladder should look at once. Raises NotFound."""
    changed = await delivery.settle(Notice, notice_id, said, now, lambda row: after_settling(row, said, now))
    return changed and said.status is SendStatus.FAILED


async def after_settling(row: Notice, said: Said, now: datetime) -> None:
    """Carry the word over to the offer; one that cannot be delivered makes room for the next at once."""
    offer_id = row.offer_id
    if row.kind != "offer" or offer_id is None:
        return
    if said.status is SendStatus.FAILED:
        await undelivered(row, said.code, now)
        return
    await Offer.filter(id=offer_id, sent_at__isnull=True).update(sent_at=now)
    if said.status is SendStatus.DELIVERED:
        await Offer.filter(id=offer_id, delivered_at__isnull=True).update(delivered_at=now)


async def undelivered(row: Notice, code: str, now: datetime) -> None:
    """The word about an offer cannot be delivered: the offer is over and the ladder looks for the next responder."""
    if row.kind != "offer" or row.offer_id is None or row.outreach_id is None:
        return
    if await move(Offer, row.offer_id, OfferStatus.UNDELIVERED, settled_at=now):
        await note_event(row.outreach_id, "offer_undelivered", now, now, offer=str(row.offer_id), code=code)
        await look_at(row.outreach_id, now)
