"""Who is where in an area, and when nobody will be."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from outreach.models import Absence, Area, Responder, Shift, Target, Task
from outreach.models.states import LIVE_TASK, AreaKind, EndState

AHEAD = timedelta(hours=12)
Spans = list[tuple[datetime, datetime]]


async def areas_under(path: str | None) -> list[dict[str, Any]]:
    """The areas under this path (None: all), in the order of the tree: {path, code, name, kind, boundary, point}."""
    rows = Area.filter(path__startswith=path) if path else Area.all()
    return [
        {
            "path": area.path,
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            "boundary": area.boundary,
            "point": [area.lat, area.lon] if area.lat is not None else None,
        }
        for area in await rows.order_by("path")
    ]


async def staff(path: str | None, now: datetime) -> list[dict[str, Any]]:
    """Who of this area is on duty, or away and still holds something; with where they were last."""
    found = Responder.filter(area__path__startswith=path) if path else Responder.all()
    people = await found.prefetch_related("area").order_by("id")
    duty, away = await _duty(path, now, now + timedelta(seconds=1)), await _away(now)
    held: dict[UUID, int] = defaultdict(int)
    for responder_id in await Task.filter(status__in=list(LIVE_TASK)).values_list("responder_id", flat=True):
        held[responder_id] += 1  # type: ignore[index]
    shown = [one for one in people if one.id in duty or held[one.id]]
    return [
        {
            "id": one.id,
            "name": one.name,
            "role": one.role,
            "area": one.area.path,
            "point": [one.lat, one.lon] if one.lat is not None else None,
            "position_at": one.position_at,
            "load": one.load,
            "capacity": one.capacity,
            "holds": held[one.id],
            "away": one.id in away,
            "until": max(until for _, until in duty[one.id]) if one.id in duty else None,
        }
        for one in shown
    ]


async def gaps(path: str | None, now: datetime) -> list[dict[str, Any]]:
    """The grids for which nobody is on duty within the next 12 h, and from when, the soonest first: {path, name, from}.

    Whoever belongs to a street or community stands for each grid of it.
    """
    rows = Area.filter(kind=AreaKind.GRID)
    grids = await (rows.filter(path__startswith=path) if path else rows).order_by("path")
    homes = {one["id"]: one["area__path"] for one in await Responder.all().values("id", "area__path")}
    by_home: dict[str, Spans] = defaultdict(list)
    for responder_id, spans in (await _duty(None, now, now + AHEAD)).items():
        by_home[homes[responder_id]] += spans
    found = [(_first_gap(_of(grid.path, by_home), now), grid) for grid in grids]
    ordered = sorted(((at, grid) for at, grid in found if at is not None), key=lambda each: (each[0], each[1].path))
    return [{"path": grid.path, "name": grid.name, "from": at} for at, grid in ordered]


def homes_of(grid: str) -> list[str]:
    """The areas whose people stand for this grid: itself and all that it lies in, the largest first; all are paths."""
    ends = [place for place, letter in enumerate(grid, 1) if letter == "/"]
    return [grid[:end] for end in ends[1:]]


def _of(path: str, by_home: dict[str, Spans]) -> Spans:
    return [span for home in homes_of(path) for span in by_home.get(home, ())]


def _first_gap(spans: Spans, now: datetime) -> datetime | None:
    """The first moment from `now` on, within the time looked ahead, at which none of `spans` holds."""
    at = now
    for starts, ends in sorted(spans):
        if starts > at:
            break
        at = max(at, ends)
    return at if at < now + AHEAD else None


async def _duty(path: str | None, frm: datetime, to: datetime) -> dict[UUID, Spans]:
    """When each responder is on duty between two moments, without the time they are away."""
    shifts = Shift.filter(starts_at__lt=to, ends_at__gt=frm)
    absences = Absence.filter(starts_at__lt=to, ends_at__gt=frm)
    if path:
        shifts = shifts.filter(responder__area__path__startswith=path)
    away: dict[UUID, Spans] = defaultdict(list)
    for absence in await absences:
        away[absence.responder_id].append((absence.starts_at, absence.ends_at))
    duty: dict[UUID, Spans] = defaultdict(list)
    for shift in await shifts:
        duty[shift.responder_id] += _without((shift.starts_at, shift.ends_at), away[shift.responder_id])
    return {each: spans for each, spans in duty.items() if spans}


def _without(span: tuple[datetime, datetime], away: Spans) -> Spans:
    left, (starts, ends) = [], span
    for gone, back in sorted(away):
        if gone > starts:
            left.append((starts, min(gone, ends)))
        starts = max(starts, back)
    return [*left, (starts, ends)] if starts < ends else left


async def _away(now: datetime) -> set[UUID]:
    return set(await Absence.filter(starts_at__lte=now, ends_at__gt=now).values_list("responder_id", flat=True))  # type: ignore[arg-type]


async def today(path: str | None, now: datetime) -> dict[str, Any]:
    """What became of those warned of in the last 24 h, without exercises; and when the last warning came."""
    found = Target.filter(joined_at__gt=now - timedelta(hours=24), joined_at__lte=now, outreach__exercise=False)
    rows = found.filter(outreach__area__path__startswith=path) if path else found
    all_ = await rows.order_by("joined_at")
    reached = [row for row in all_ if row.reached_at]
    ended = [row.end_state for row in all_ if row.ended_at and not row.reached_at]
    unreached = sum(state is EndState.UNREACHED for state in ended)
    return {
        "warned": len(all_),
        "reached": len(reached),
        "unreached": unreached,
        "otherwise": len(ended) - unreached,
        "last_at": all_[-1].joined_at if all_ else None,
    }
