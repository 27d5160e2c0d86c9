"""When responders are on duty: read, added to, and ended by whoever plans it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import IllegalMove
from outreach.models import Responder, Shift
from outreach.registry.editing import fault

MOST = 1000
"""Shifts in one answer, those that begin first."""


async def shifts_between(
    begin: datetime, end: datetime, area_path: str | None, responder_id: UUID | None = None
) -> list[Shift]:
    """The shifts that touch this time, of responders of an area (None: of all) or of one, in the order they begin."""
    found = Shift.filter(ends_at__gt=begin, starts_at__lt=end)
    if area_path is not None:
        found = found.filter(responder__area__path__startswith=area_path)
    if responder_id is not None:
        found = found.filter(responder_id=responder_id)
    return await found.order_by("starts_at", "id").limit(MOST).select_related("responder__area")


async def add_shift(responder_id: UUID, begin: datetime, end: datetime, now: datetime) -> UUID:
    """The id of a new shift, inside the caller's transaction; raises BadInput for one that is over or double."""
    if end <= now:
        raise fault("ends_at", "is past")
    # Of two who plan the same hours the second waits here, and sees the first's.
    await Responder.select_for_update(no_key=True).get(id=responder_id)
    then = Shift.filter(responder_id=responder_id, origin="plan", starts_at__lt=end, ends_at__gt=begin)
    if await then.exists():
        raise fault("starts_at", "they have a shift then")
    return (await Shift.create(responder_id=responder_id, starts_at=begin, ends_at=end)).id


async def end_shift(row: Shift, now: datetime) -> None:
    """End it now, or take it back where it has not begun, inside the caller's transaction; IllegalMove when over."""
    if row.ends_at <= now:
        raise IllegalMove()
    if row.starts_at >= now:
        await Shift.filter(id=row.id).delete()
    else:
        await Shift.filter(id=row.id).update(ends_at=now)
