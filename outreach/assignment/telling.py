"""Words to responders about offers, queued with the change that caused them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from outreach.models import Notice, Offer
from outreach.models.fields import new_id
from outreach.models.moves import move_all
from outreach.models.statements import fetch
from outreach.models.states import Audience, NoticeChannel, SendStatus

PUSHED = ("offer", "handed_over")
PUSH_TOO = """
    INSERT INTO notice (id, audience, channel, kind, responder_id, outreach_id, offer_id, status, queued_at, send_after,
        tries, number, data, urgent)
    SELECT $1, 'responder', 'push', $2, $3, $4, $5, 'queued', $6, $6, 0, 0, '{}', $7
    WHERE EXISTS (SELECT 1 FROM push_subscription WHERE responder_id = $3)"""
"""A push beside the text, where a phone of this responder takes any: one statement for those who have none, too."""


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
    if kind in PUSHED:
        await fetch(PUSH_TOO, new_id(), kind, offer.responder_id, offer.outreach_id, offer.id, now, urgent)


async def take_back_word(offer_id: UUID) -> None:
    """Cancel what is still queued about this offer."""
    queued = await Notice.filter(offer_id=offer_id, status=SendStatus.QUEUED)
    if queued:
        await move_all(Notice, [notice.id for notice in queued], SendStatus.CANCELLED)
