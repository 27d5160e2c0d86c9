"""For the coordinator: who may be asked, and who was left out and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.assignment.ranking import Candidate, best_of, candidate_of
from outreach.assignment.sieving import COLUMNS, LeftOut, facts_of, fit_for, left_out, speaks
from outreach.assignment.wanting import Want, want_of
from outreach.geo import cell_of, ring, rings_within
from outreach.models import Outreach, Responder
from outreach.models.states import TaskKind
from outreach.outcomes import policy_of
from outreach.settings import Settings
from outreach.tasks import step_for

MOST, OTHERS = 50, 20
"""How many are told of, and how many of those were left out, however many fit: a coordinator may be looking for one."""
READ_AT_MOST = 1000


@dataclass(frozen=True)
class Considered:
    """Somebody considered: metres and seconds away (None: not known), what speaks for them, and what against.

    `speaks`: whether they speak the resident's language (None: that is not known). `givable`: whether a coordinator may
    give it to them all the same.
    """

    responder_id: UUID
    distance_m: float | None
    travel_s: float | None
    reason: str
    left_out: LeftOut | None
    speaks: bool | None = None
    givable: bool = False


async def candidates_of(outreach: Outreach, kind: TaskKind, settings: Settings, now: datetime) -> list[Considered]:
    """At most 50: first those who may be asked, as they would be ranked, then those left out, the nearest first."""
    step = step_for(await policy_of(outreach), kind.value, outreach.step)
    want = await want_of(outreach, step)
    rows = await _around(want, settings)
    facts = await facts_of(want, now, [row.id for row in rows])
    by_id = {row.id: candidate_of(row, want, facts, settings, now) for row in rows}
    against = {row.id: left_out(row, want, facts, settings, now) for row in rows}
    fits = best_of([by_id[row.id] for row in rows if against[row.id] is None], settings, MOST)
    others = [by_id[row.id] for row in rows if against[row.id] is not None]
    nearest = sorted(others, key=lambda each: each.travel_s or 0.0)
    ordered = [*fits[: MOST - min(len(nearest), OTHERS)], *nearest][:MOST]
    spoken = {row.id: speaks(row, want.language) if want.language else None for row in rows}
    may = {row.id: fit_for(row, want, now) and row.load < row.capacity for row in rows}

    def considered(each: Candidate) -> Considered:
        who = each.responder_id
        return Considered(who, each.distance_m, each.travel_s, each.reason, against[who], spoken[who], may[who])

    return [considered(each) for each in ordered]


async def _around(want: Want, settings: Settings) -> list[Responder]:
    rows: list[Responder] = []
    if want.point is not None:
        centre, last = cell_of(*want.point), rings_within(want.point[0], settings.search_radius_m)
        for k in range(last + 1):
            rows += await Responder.filter(cell__in=ring(centre, k)).only(*COLUMNS)
            if len(rows) >= READ_AT_MOST:
                break
    elif want.area_id is not None:
        rows = await Responder.filter(area_id=want.area_id).limit(READ_AT_MOST).only(*COLUMNS)
    if len(rows) < MOST:
        more = Responder.exclude(id__in=[row.id for row in rows]) if rows else Responder.all()
        rows += await more.order_by("load", "id").limit(MOST).only(*COLUMNS)
    return rows
