"""What a responder sees: the offers they may take and the tasks they hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models import Offer, Task
from outreach.models.states import LIVE_TASK, OfferStatus


async def live_tasks(responder_id: UUID) -> list[Task]:
    """The tasks this responder holds, the oldest first, each with its outreach and category."""
    held = Task.filter(responder_id=responder_id, status__in=LIVE_TASK)
    return await held.order_by("accepted_at", "id").prefetch_related("outreach__category")


async def open_offers(responder_id: UUID, now: datetime) -> list[Offer]:
    """The offers this responder may still take, the newest first, with outreach and category; now they are seen."""
    asked = Offer.filter(responder_id=responder_id, status=OfferStatus.OFFERED, lapses_at__gt=now)
    await asked.filter(seen_at__isnull=True).update(seen_at=now)
    return await asked.order_by("-offered_at", "id").prefetch_related("outreach__category")
