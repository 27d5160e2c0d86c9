"""The best few for one task: nearest first, but somebody the resident knows wins by a margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import F

from outreach.assignment.sieving import (
    COLUMNS,
    HURDLE,
    Facts,
    Shortage,
    distance_of,
    facts_of,
    left_out,
)
from outreach.assignment.wanting import Want
from outreach.geo import Point, cell_of, cell_side, ring, rings_within, travel_seconds
from outreach.models import Responder
from outreach.settings import Settings

READ_AT_MOST = 2000
REASONS = ("knows_resident", "home_grid", "nearest")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked: metres and seconds away (None: the place is not known), and what speaks for them."""

    responder_id: UUID
    distance_m: float | None
    travel_s: float | None
    reason: str


async def rank(want: Want, settings: Settings, now: datetime, limit: int) -> tuple[list[Candidate], Shortage | None]:
    """The best `limit` of those who may be asked now, the best first; with nobody, the name of the shortage."""
    if limit <= 0:
        return [], None
    found = await _near(want, settings, now, limit)
    if found:
        return best_of(found, settings, limit), None
    everybody = await _on_shift(now)
    facts = await facts_of(want, now, [row.id for row in everybody])
    fits = _eligible(everybody, want, facts, settings, now)
    return best_of(fits, settings, limit), None if fits else _shortage(everybody, want, facts, settings, now)


async def _on_shift(now: datetime) -> list[Responder]:
    # Bounded, the least busy first: with thousands on shift and none of them near, one more scan helps nobody.
    hours = {"shifts__starts_at__lte": now, "shifts__ends_at__gt": now}
    rows = await Responder.filter(**hours).order_by("load", "id").limit(READ_AT_MOST).only(*COLUMNS)
    return list({row.id: row for row in rows}.values())


async def _near(want: Want, settings: Settings, now: datetime, limit: int) -> list[Candidate]:
    free = Responder.filter(load__lt=F("capacity"))
    if want.point is not None:
        return await _rings(want, want.point, settings, now, limit)
    rows = await free.filter(area_id=want.area_id).only(*COLUMNS) if want.area_id else []
    return _eligible(rows, want, await facts_of(want, now, [row.id for row in rows]), settings, now) if rows else []


async def _rings(want: Want, point: Point, settings: Settings, now: datetime, limit: int) -> list[Candidate]:
    """Outward ring by ring, until nobody farther out could come before the best `limit`."""
    found: list[Candidate] = []
    facts: Facts | None = None
    centre, side = cell_of(*point), cell_side(point[0])
    margin_m = settings.known_margin_s * settings.travel_speed_kmh / 3.6 / settings.travel_factor
    for cells, beyond in _bands(centre, rings_within(point[0], settings.search_radius_m)):
        rows = await Responder.filter(load__lt=F("capacity"), cell__in=cells).only(*COLUMNS)
        if rows:
            facts = await facts_of(want, now, [row.id for row in rows], facts)
            found += _eligible(rows, want, facts, settings, now)
        far = sorted(candidate.distance_m or 0.0 for candidate in found)
        if len(far) >= limit and far[limit - 1] + margin_m <= beyond * side:
            break
    return found


def _bands(centre: int, last: int) -> Iterable[tuple[list[int], int]]:
    """Rings in bands of two, each with how many whole cells lie within it on every side."""
    for k in range(0, last + 1, 2):
        yield ring(centre, k) + ring(centre, k + 1), k + 1


def _eligible(
    rows: Iterable[Responder], want: Want, facts: Facts, settings: Settings, now: datetime
) -> list[Candidate]:
    fits = [row for row in rows if left_out(row, want, facts, settings, now) is None]
    return [candidate_of(row, want, facts, settings, now) for row in sorted(fits, key=lambda row: (row.load, row.id))]


def candidate_of(row: Responder, want: Want, facts: Facts, settings: Settings, now: datetime) -> Candidate:
    """This responder with way, time and what speaks for them."""
    distance = distance_of(row, want, settings, now)
    travel = None if distance is None else travel_seconds(distance, settings.travel_factor, settings.travel_speed_kmh)
    at_home = want.area_id is not None and cast(Any, row).area_id == want.area_id
    reason = "knows_resident" if row.id in facts.known else "home_grid" if at_home else "nearest"
    return Candidate(row.id, distance, travel, reason)


def best_of(found: Sequence[Candidate], settings: Settings, limit: int) -> list[Candidate]:
    """The best `limit`: each time whoever is known best among those within the margin of the nearest."""
    left = sorted(found, key=lambda each: each.travel_s or 0.0)
    best: list[Candidate] = []
    while left and len(best) < limit:
        reach = (left[0].travel_s or 0.0) + settings.known_margin_s
        within = [each for each in left if (each.travel_s or 0.0) <= reach]
        best.append(min(within, key=lambda each: REASONS.index(each.reason)))
        left.remove(best[-1])
    return best


def _shortage(rows: Iterable[Responder], want: Want, facts: Facts, settings: Settings, now: datetime) -> Shortage:
    met = {left_out(row, want, facts, settings, now) for row in rows}
    hurdles = {HURDLE[reason] for reason in met if reason is not None}
    return max(hurdles, key=list(Shortage).index, default=Shortage.NobodyOnShift)
