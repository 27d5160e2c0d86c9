"""One responder goes home: who could take each of their tasks, without booking anybody past their places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outreach.assignment.considering import Considered, candidates_of
from outreach.assignment.foretelling import Foretold, foretell
from outreach.models import Outreach, Phone, Responder, Task
from outreach.models.states import LIVE_TASK, TaskStatus
from outreach.settings import Settings

CHOICES = 6


@dataclass(frozen=True)
class Leaving:
    """One task of theirs: who may take it, the best first, and who is proposed (None: nobody, or they keep it).

    `keeps`: they are at the door already. `late_s`: by how many seconds the proposed one comes after the `deadline`;
    `remedy`: what helps where nobody comes in time, as a code. `told`: the texts that each choice would send, and
    under None those of giving it to nobody.
    """

    task: Task
    deadline: datetime
    choices: tuple[Considered, ...]
    proposed: Considered | None
    keeps: bool
    late_s: float
    remedy: str | None
    told: dict[UUID | None, tuple[Foretold, ...]]


async def leaving(responder_id: UUID, seen: list[UUID], settings: Settings, now: datetime) -> list[Leaving]:
    """Each task that this responder holds in one of the cases `seen`, the one that is due first first."""
    held = Task.filter(responder_id=responder_id, status__in=LIVE_TASK, outreach_id__in=seen)
    tasks = sorted(await held.prefetch_related("outreach"), key=lambda task: (task.outreach.opened_at, task.id))
    given: dict[UUID, int] = {}
    return [await _leaving(task, responder_id, given, settings, now) for task in tasks]


async def _leaving(
    task: Task, responder_id: UUID, given: dict[UUID, int], settings: Settings, now: datetime
) -> Leaving:
    deadline = task.outreach.opened_at + timedelta(minutes=settings.target_minutes)
    found = await candidates_of(task.outreach, task.kind, settings, now)
    choices = tuple(each for each in found if each.left_out is None and each.responder_id != responder_id)[:CHOICES]
    keeps = task.status is TaskStatus.ARRIVED
    proposed = None if keeps else await _first_with_a_place(choices, given)
    late = _late(proposed, deadline, now)
    remedy = None if keeps or (proposed and late <= 0) else await _remedy(task.outreach)
    told = await foretell(task, [each.responder_id for each in choices], settings, now)
    return Leaving(task, deadline, choices, proposed, keeps, late, remedy, told)


async def _first_with_a_place(choices: tuple[Considered, ...], given: dict[UUID, int]) -> Considered | None:
    ids = [each.responder_id for each in choices]
    free = {row.id: row.capacity - row.load for row in await Responder.filter(id__in=ids)} if ids else {}
    for each in choices:
        if free[each.responder_id] > given.get(each.responder_id, 0):
            given[each.responder_id] = given.get(each.responder_id, 0) + 1
            return each
    return None


def _late(proposed: Considered | None, deadline: datetime, now: datetime) -> float:
    if proposed is None or proposed.travel_s is None:
        return 0.0
    return max(0.0, (now + timedelta(seconds=proposed.travel_s) - deadline).total_seconds())


async def _remedy(outreach: Outreach) -> str:
    """Ring them first where there is a number; else the area above has people."""
    return "call" if await Phone.exists(resident_id=outreach.resident_id, wrong_at__isnull=True) else "area_above"
