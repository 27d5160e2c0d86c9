"""Booking a responder: the one conditional update by which a place is taken."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.expressions import F

from outreach.errors import AtCapacity, NotEligible, NotFound
from outreach.models import Responder


async def book(responder_id: UUID, now: datetime) -> None:
    """Take one place of this responder; raises AtCapacity, or NotEligible once their vetting has run out."""
    free = Responder.filter(id=responder_id, load__lt=F("capacity"), vetted_until__gt=now)
    if await free.update(load=F("load") + 1):
        return
    found = await Responder.filter(id=responder_id).only("id", "load", "capacity").first()
    if found is None:
        raise NotFound
    raise AtCapacity if found.load >= found.capacity else NotEligible
