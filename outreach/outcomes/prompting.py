"""The ladder's inbox: one column, set to the moment at which it should look again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from outreach.models import Outreach
from outreach.models.states import OutreachStatus


async def hold(outreach_id: UUID) -> None:
    """Lock the outreach in this transaction, before anything below it: that order keeps deadlocks away."""
    await Outreach.select_for_update(no_key=True).get(id=outreach_id)


async def hurry(outreach_id: UUID, now: datetime) -> None:
    """What was tried has failed: the next step is due at once."""
    await _live(outreach_id).update(due_at=now, hurried_at=now)


async def look_at(outreach_id: UUID, at: datetime) -> None:
    """The ladder shall look again at `at`, unless it does so sooner anyway."""
    await _live(outreach_id).filter(due_at__gt=at).update(due_at=at)


def _live(outreach_id: UUID) -> QuerySet[Outreach]:
    return Outreach.filter(id=outreach_id).exclude(status=OutreachStatus.ENDED)
