"""The areas of a coordinator, when nobody will be there, and what the day brought."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from outreach.models import Area
from outreach.models.statements import fetch, moment_in
from outreach.models.states import AreaKind, EndState

AHEAD = timedelta(hours=12)
Spans = list[tuple[datetime, datetime]]
AWAY = "SELECT responder_id AS who, starts_at, ends_at FROM absence WHERE starts_at < $2 AND ends_at > $1"
DUTY = """
    SELECT who.id AS who, area.path AS home, shift.starts_at, shift.ends_at
    FROM shift JOIN responder who ON who.id = shift.responder_id JOIN area ON area.id = who.area_id
    WHERE shift.starts_at < $2 AND shift.ends_at > $1"""
ENDED = "target.reached_at IS NULL AND target.ended_at IS NOT NULL"
TODAY = f"""
    SELECT COUNT(*) AS warned, COUNT(target.reached_at) AS reached, MAX(target.joined_at) AS last_at,
      COUNT(CASE WHEN {ENDED} AND target.end_state = $5 THEN 1 END) AS unreached,
      COUNT(CASE WHEN {ENDED} AND (target.end_state IS NULL OR target.end_state <> $5) THEN 1 END) AS otherwise
    FROM target JOIN outreach ON outreach.id = target.outreach_id LEFT JOIN area ON area.id = outreach.area_id
    WHERE target.joined_at > $1 AND target.joined_at <= $2 AND NOT outreach.exercise
      AND ($3 = 0 OR substr(area.path, 1, $3) = $4)"""  # noqa: S608 - our own names


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


async def gaps(path: str | None, now: datetime) -> list[dict[str, Any]]:
    """The grids for which nobody is on duty within the next 12 h, and from when, the soonest first: {path, name, from}.

    Whoever belongs to a street or community stands for each grid of it.
    """
    rows = Area.filter(kind=AreaKind.GRID)
    grids = await (rows.filter(path__startswith=path) if path else rows).values_list("path", "name")
    by_home = await _duty(now, now + AHEAD)
    found = [(_first_gap(_of(str(grid), by_home), now), grid, name) for grid, name in grids]
    ordered = sorted((at, grid, name) for at, grid, name in found if at is not None)
    return [{"path": grid, "name": name, "from": at} for at, grid, name in ordered]


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


async def _duty(frm: datetime, to: datetime) -> dict[str, Spans]:
    """When anybody of each home is on duty between two moments, without the time they are away."""
    away: dict[str, Spans] = defaultdict(list)
    for row in await fetch(AWAY, frm, to):
        away[str(row["who"])].append(_span(row))
    duty: dict[str, Spans] = defaultdict(list)
    for row in await fetch(DUTY, frm, to):
        duty[row["home"]] += _without(_span(row), away[str(row["who"])])
    return duty


def _span(row: dict[str, Any]) -> tuple[datetime, datetime]:
    starts, ends = moment_in(row["starts_at"]), moment_in(row["ends_at"])
    assert starts is not None and ends is not None
    return starts, ends


def _without(span: tuple[datetime, datetime], away: Spans) -> Spans:
    left, (starts, ends) = [], span
    for gone, back in sorted(away):
        if gone > starts:
            left.append((starts, min(gone, ends)))
        starts = max(starts, back)
    return [*left, (starts, ends)] if starts < ends else left


async def today(path: str | None, now: datetime) -> dict[str, Any]:
    """What became of those warned of in the last 24 h, without exercises; and when the last warning came."""
    within = path or ""
    (row,) = await fetch(TODAY, now - timedelta(hours=24), now, len(within), within, EndState.UNREACHED)
    return {**row, "last_at": moment_in(row["last_at"])}
