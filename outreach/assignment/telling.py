"""Words to responders about offers, queued with the change that caused them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from outreach.models import Notice, Offer
from outreach.models.moves import move_all
from outreach.models.states import Audience, NoticeChannel, SendStatus


async def tell(offer: Offer, kind: str, now: datetime, *, urgent: bool = False, **data: object) -> None:
    """Queue a word of this kind about `offer` to whom it was made; `data` holds codes only."""
    await Notice.create(
        audience=Audience.RESPONDER,
        channel=NoticeChannel.SMS,
        kind=kind,
        responder_id=cast(Any, offer).responder_id,
        outreach_id=cast(Any, offer).outreach_id,
        offer_id=offer.id,
        queued_at=now,
        send_after=now,
        urgent=urgent,
        data=data,
    )


async def take_back_word(offer_id: UUID) -> None:
    """Cancel what is still queued about this offer."""
    queued = await Notice.filter(offer_id=offer_id, status=SendStatus.QUEUED)
    if queued:
        await move_all(Notice, [notice.id for notice in queued], SendStatus.CANCELLED)
