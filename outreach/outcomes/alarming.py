"""An emergency is put before whoever watches the area."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from outreach.models import Area, Coordinator, Outreach
from outreach.outcomes.board import tell_board
from outreach.outcomes.learnt import Contact
from outreach.outcomes.timeline import Actor, note_event


async def alarm_watchers(outreach: Outreach, contact: Contact, now: datetime) -> None:
    """Alarm those who watch the outreach's area, else the first area above it that is watched, else the whole city's.

    It is a word on the board of each and a line of the timeline; it acknowledges and stops nothing.
    """
    watching = await _watching(outreach.area_id)
    said: dict[str, object] = {"outcome": contact.outcome, "coordinators": len(watching)}
    await note_event(outreach.id, "emergency", contact.at, now, contact.actor, None, **said)
    # With nobody there the word still stands on the board, for whoever looks.
    told: list[UUID | None] = [row.id for row in watching]
    for coordinator_id in told or [None]:
        await tell_board("emergency", outreach.id, now, coordinator_id, outcome=contact.outcome)


async def alarm_of_help(outreach: Outreach, at: datetime, actor: Actor, now: datetime, **data: object) -> None:
    """A responder needs help: all who watch the area, or one above it, see it at once; nobody waits for a climb."""
    upward = await _upward(outreach.area_id)
    watching = await _here().filter(Q(area__code__in=upward) | Q(area_id__isnull=True)).order_by("id")
    await note_event(outreach.id, "help", at, now, actor, None, coordinators=len(watching), **data)
    told: list[UUID | None] = [row.id for row in watching]
    for coordinator_id in told or [None]:
        await tell_board("help", outreach.id, now, coordinator_id, **data)


def _here() -> QuerySet[Coordinator]:
    return Coordinator.filter(left_at__isnull=True)


async def _upward(area_id: UUID | None) -> list[str]:
    """The codes of the area and of those above it, from below."""
    area = await Area.get_or_none(id=area_id) if area_id else None
    return [code for code in reversed(area.path.split("/")) if code] if area else []


async def _watching(area_id: UUID | None) -> list[Coordinator]:
    upward = await _upward(area_id)
    rows = await _here().filter(area__code__in=upward).select_related("area") if upward else []
    for code in upward:
        here = [row for row in rows if row.area is not None and row.area.code == code]
        if here:
            return here
    return await _here().filter(area_id__isnull=True)
