"""The coordinators' queue: each live case with what is going on in it, who has it, and what comes next and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from outreach.geo import parse_point
from outreach.models import Address, Attempt, Coordinator, Offer, Outreach, Target, Task
from outreach.models.states import LIVE_TASK, OfferStatus, SendStatus
from outreach.policy import Policy, parse_policy
from outreach.policy.words import AUTOMATIC

MOST = 2000
"""Cases on one board, the oldest first; more are not shown."""
FAILED = (SendStatus.FAILED, SendStatus.UNKNOWN)


async def queue(seen: QuerySet[Outreach], ids: Iterable[UUID] | None = None) -> list[dict[str, Any]]:
    """Each live case of `seen` (only those of `ids`, when given), the one opened first first.

    Names and points of residents are in it: the caller checks who asks, and logs the look.
    """
    found = seen.filter(ended_at__isnull=True)
    if ids is not None:
        found = found.filter(id__in=list(ids))
    cases = (
        await found.order_by("opened_at", "id")
        .limit(MOST)
        .prefetch_related("category", "policy", "area", "taken_by", "resident")
    )
    known = await _Known.of([case.id for case in cases], {case.resident_id for case in cases})
    policies = {case.policy_id: parse_policy(case.policy.body, case.policy.name) for case in cases}
    return [_row(case, policies[case.policy_id], known) for case in cases]


class _Known:
    """What else is known of some cases, each read in one statement."""

    def __init__(self) -> None:
        self.tasks: dict[UUID, Task] = {}
        self.offers: dict[UUID, list[Offer]] = defaultdict(list)
        self.attempts: dict[UUID, Attempt] = {}
        self.warned: dict[UUID, list[Target]] = defaultdict(list)
        self.declined: dict[UUID, int] = defaultdict(int)
        self.places: dict[UUID, Address] = {}

    @classmethod
    async def of(cls, ids: list[UUID], residents: set[UUID]) -> _Known:
        known = cls()
        for task in (
            await Task.filter(outreach_id__in=ids, status__in=list(LIVE_TASK))
            .prefetch_related("responder", "offer")
            .order_by("kind", "id")
        ):
            # A visit before a call: `call` sorts first, so the visit is written over it.
            known.tasks[task.outreach_id] = task
        for offer in await Offer.filter(outreach_id__in=ids).order_by("id"):
            if offer.status is OfferStatus.OFFERED:
                known.offers[offer.outreach_id].append(offer)
            elif offer.status is OfferStatus.DECLINED:
                known.declined[offer.outreach_id] += 1
        for attempt in await Attempt.filter(outreach_id__in=ids).order_by("id"):
            known.attempts[attempt.outreach_id] = attempt
        for target in await Target.filter(outreach_id__in=ids).prefetch_related("warning__source").order_by("id"):
            known.warned[target.outreach_id].append(target)
        for address in await Address.filter(resident_id__in=list(residents), wrong_at__isnull=True).order_by("id"):
            known.places[address.resident_id] = address
        return known


def _row(case: Outreach, policy: Policy, known: _Known) -> dict[str, Any]:
    warned, place = known.warned[case.id], known.places.get(case.resident_id)
    point = parse_point(place.point) if place else None
    area, taken = case.area, case.taken_by
    return {
        "id": case.id,
        "version": case.version,
        "severity": case.severity,
        "category": case.category.code,
        "category_name": case.category.scripts.get("names", {}),
        "exercise": case.exercise,
        "source": warned[0].warning.source.name if warned else None,
        "warnings": len(warned),
        "resident": {"id": case.resident_id, "name": case.resident.name, "language": case.resident.language},
        "vulnerabilities": case.resident.vulnerabilities,
        "area": {"code": area.code, "name": area.name, "path": area.path} if area else None,
        "point": list(point) if point else None,
        "opened_at": case.opened_at,
        "status": case.status,
        "paused_at": case.paused_at,
        "contacted_at": case.contacted_at,
        "reached_at": case.reached_at,
        "taken_by": _named(taken) if taken else None,
        "now": _now(case, policy, known),
        "who": _who(case, policy, known),
        "next": _next(case, policy, known),
        "call": _call(case, policy, known),
    }


def _named(coordinator: Coordinator) -> dict[str, Any]:
    return {"id": coordinator.id, "name": coordinator.name}


def _rung(case: Outreach, policy: Policy) -> str | None:
    return policy.steps[case.step].do if 0 <= case.step < len(policy.steps) else None


def _now(case: Outreach, policy: Policy, known: _Known) -> dict[str, Any]:
    """What is going on: a person's task before who is asked, and that before what the machine did last."""
    task, offers, attempt = known.tasks.get(case.id), known.offers[case.id], known.attempts.get(case.id)
    if task is not None:
        return _doing(task.kind, task.status, task.arrived_at or task.accepted_at)
    if offers:
        return _doing(offers[-1].kind, "offered", offers[-1].offered_at)
    rung = _rung(case, policy)
    if rung in AUTOMATIC and attempt is not None:
        return _doing(attempt.channel, attempt.failure or attempt.status, _moment_of(attempt))
    said = "nobody" if rung in ("visit", "call") else "acknowledged" if case.acknowledged_at else "asked"
    return _doing(rung or "begins", said if rung else "begins", case.step_at)


def _doing(kind: str, said: str, at: datetime | None) -> dict[str, Any]:
    return {"do": kind, "said": said, "at": at}


def _moment_of(attempt: Attempt) -> datetime:
    times = (attempt.failed_at, attempt.answered_at, attempt.delivered_at, attempt.sent_at, attempt.queued_at)
    return next(time for time in times if time is not None)


def _who(case: Outreach, policy: Policy, known: _Known) -> dict[str, Any]:
    task, offers = known.tasks.get(case.id), known.offers[case.id]
    nobody: dict[str, Any] = {"responder": None, "count": 0, "arrives_at": None, "distance_m": None}
    if task is not None:
        offer = task.offer
        there = None if task.arrived_at or offer.travel_s is None else offer.travel_s
        return {
            "state": "arrived" if task.arrived_at else "accepted",
            "responder": {"id": task.responder_id, "name": task.responder.name},
            "count": 1,
            "arrives_at": task.accepted_at + timedelta(seconds=there) if there is not None else None,
            "distance_m": offer.distance_m,
        }
    if offers:
        return {**nobody, "state": "asked", "count": len(offers)}
    alone = _rung(case, policy) in (None, *AUTOMATIC) or case.reached_at is not None
    return {**nobody, "state": "system" if alone else "nobody", "count": known.declined[case.id]}


def _next(case: Outreach, policy: Policy, known: _Known) -> dict[str, Any]:
    task, offers = known.tasks.get(case.id), known.offers[case.id]
    if case.paused_at is not None:
        return {"do": "resume", "at": None}
    if task is not None:
        return {"do": "overdue" if task.arrived_at else "arrives", "at": task.due_at}
    if offers:
        return {"do": "asks_on", "at": max(offer.lapses_at for offer in offers)}
    return {"do": _rung_after(case, policy), "at": case.due_at}


def _rung_after(case: Outreach, policy: Policy) -> str:
    if _rung(case, policy) == "coordinator" and case.acknowledged_at is None:
        return "coordinator"
    ahead = [step.do for step in policy.steps[case.step + 1 :] if (step.do == "follow_up") == bool(case.reached_at)]
    return ahead[0] if ahead else "again"


def _call(case: Outreach, policy: Policy, known: _Known) -> str | None:
    """Why somebody at a desk should ring now, as a code; None: it is for the machine, or for whoever is on the way."""
    attempt, task = known.attempts.get(case.id), known.tasks.get(case.id)
    if case.paused_at or case.reached_at or (task is not None and task.arrived_at):
        return None
    if attempt is not None and attempt.status in FAILED:
        return attempt.failure or attempt.status.value
    return "asked" if _rung(case, policy) == "coordinator" and case.acknowledged_at is None else None
