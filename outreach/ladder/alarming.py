"""Alarming coordinators: those who watch the area, then those who watch more, up to the whole city's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from outreach.models import Area, Coordinator
from outreach.outcomes import note_event, tell_board


async def levels_of(areas: Sequence[Area]) -> list[list[UUID]]:
    """Who is alarmed first, and who next, by id: a level for each of `areas` that is watched, then the whole city's.

    `areas` lead from an outreach's own upward. A level that nobody watches is left out: no time is lost on it.
    """
    here = Coordinator.filter(left_at__isnull=True)
    inside = here.filter(area_id__in=[area.id for area in areas]) if areas else None
    rows = [*(await inside if inside is not None else []), *await here.filter(area_id__isnull=True)]
    upward: list[UUID | None] = [*(area.id for area in areas), None]
    levels = [[row.id for row in rows if row.area_id == area_id] for area_id in upward]
    return [level for level in levels if level]


async def alarm(outreach_id: UUID, areas: Sequence[Area], try_no: int, now: datetime) -> None:
    """Alarm one level more at each further try."""
    levels = await levels_of(areas)
    told: list[UUID | None] = [*levels[min(try_no, len(levels)) - 1]] if levels else []
    await note_event(outreach_id, "alarm", now, now, level=try_no - 1, coordinators=len(told))
    # With nobody there the word still stands on the board, for whoever looks.
    for coordinator_id in told or [None]:
        await tell_board("alarm", outreach_id, now, coordinator_id, level=try_no - 1)
