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

REASSIGNED = "reassigned"
PUSHED = ("offer", "handed_over")
PUSH_TOO = """
    INSERT INTO notice (id, audience, channel, kind, responder_id, outreach_id, offer_id, status, queued_at, send_after,
        tries, number, data, urgent)
    SELECT $1, 'responder', 'push', $2, $3, $4, $5, 'queued', $6, $6, 0, 0, '{}', $7
    WHERE EXISTS (SELECT 1 FROM push_subscription WHERE responder_id = $3)"""
"""A push beside the text, where a phone of this responder takes any: one statement for those who have none, too."""


def word(offer: Offer, kind: str, now: datetime, *, urgent: bool = False, **data: object) -> Notice:
    """A text of this kind about `offer` to whom it was made, queued by nobody yet; `data` holds codes only."""
    return Notice(
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


async def queue(row: Notice) -> None:
    """Queue a text, and with it a push where such words are pushed."""
    await row.save(force_create=True)
    if row.kind in PUSHED:
        about = row.responder_id, row.outreach_id, row.offer_id
        await fetch(PUSH_TOO, new_id(), row.kind, *about, row.queued_at, row.urgent)


async def tell(offer: Offer, kind: str, now: datetime, *, urgent: bool = False, **data: object) -> None:
    """Queue a word of this kind about `offer` to whom it was made; `data` holds codes only."""
    await queue(word(offer, kind, now, urgent=urgent, **data))


def words_of_move(held: Offer | None, given: Offer | None, now: datetime, *, urgent: bool) -> list[Notice]:
    """What a move of a task tells: whoever held it, and whoever is given it; previews and moves both ask here."""
    told = [word(held, "called_off", now, why=REASSIGNED)] if held is not None else []
    return [*told, word(given, "handed_over", now, urgent=urgent)] if given is not None else told


async def take_back_word(offer_id: UUID) -> None:
    """Cancel what is still queued about this offer."""
    queued = await Notice.filter(offer_id=offer_id, status=SendStatus.QUEUED)
    if queued:
        await move_all(Notice, [notice.id for notice in queued], SendStatus.CANCELLED)
