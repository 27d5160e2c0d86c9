"""A coordinator hands a task to a person: it moves at once, and comes back if nobody says they have it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.assignment.apart import PUT_OFF, apart
from outreach.assignment.offering import free_code
from outreach.assignment.sieving import distance_of, fit_for
from outreach.assignment.telling import REASSIGNED, queue, tell, words_of_move
from outreach.assignment.wanting import Want, want_of
from outreach.errors import IllegalMove, NotEligible, NotFound
from outreach.geo import travel_seconds
from outreach.models import Offer, Outreach, Responder, Task
from outreach.models.states import LIVE_TASK, OfferStatus, OutreachStatus, Severity, TaskKind, TaskStatus
from outreach.outcomes import SYSTEM, Actor, hurry, look_at, note_event, policy_of
from outreach.outcomes.calling_off import close_task, withdraw_offers
from outreach.policy import Policy, Step
from outreach.settings import Settings
from outreach.tasks import book, step_for

UNACKNOWLEDGED = "unacknowledged"
RELEASED = "released"


async def reassign(
    outreach: Outreach,
    responder_id: UUID,
    kind: TaskKind | None,
    reason: str,
    coordinator_id: UUID,
    settings: Settings,
    now: datetime,
    *,
    line: str = REASSIGNED,
) -> Task:
    """Give the task to this responder at once; without `kind`, the one that is held, was offered, or fits the resident.

    `reason` is a code, `other` where it is not; `line` is what the timeline calls it.

    Raises NotFound, IllegalMove (the outreach has ended), NotEligible (not vetted, not trained, or holds it already)
    and AtCapacity: then nothing was changed.
    """
    async with in_transaction():
        await _refresh(outreach)
        policy = await policy_of(outreach)
        wanted = kind or await _kind_under_way(outreach)
        step = step_for(policy, wanted.value, outreach.step)
        want = await want_of(outreach, step)
        responder = await _fit(responder_id, want, now)
        held = await _take_from_others(outreach, wanted, responder_id, now)
        await book(responder_id, now)
        offer = offer_of_move(outreach, responder, want, policy, settings, now)
        task = await _hand_over(outreach, offer, want, coordinator_id, now)
        await _tell_of_move(outreach, held, offer, now)
        data = {"task_id": str(task.id), "responder_id": str(responder_id)} | _held_by(held)
        await _write_down(outreach, line, wanted, reason, coordinator_id, now, **data)
        return task


async def release(
    outreach: Outreach, kind: TaskKind, reason: str, coordinator_id: UUID, now: datetime, *, line: str = RELEASED
) -> None:
    """Take the task from whoever holds it; the ladder asks the next at once. Raises IllegalMove where nobody does."""
    async with in_transaction():
        await _refresh(outreach)
        held = await _take_from_others(outreach, kind, None, now)
        if held is None:
            raise IllegalMove("Nobody holds this task.")
        await _tell_of_move(outreach, held, None, now)
        await _write_down(outreach, line, kind, reason, coordinator_id, now, **_held_by(held))
        await hurry(outreach.id, now)


def offer_of_move(
    outreach: Outreach, responder: Responder, want: Want, policy: Policy, settings: Settings, now: datetime
) -> Offer:
    """The offer by which a coordinator gives the task to this responder, saved by nobody yet and without its code."""
    distance = distance_of(responder, want, settings, now)
    travel = None if distance is None else travel_seconds(distance, settings.travel_factor, settings.travel_speed_kmh)
    return Offer(
        outreach_id=outreach.id,
        kind=want.kind,
        responder_id=responder.id,
        round=outreach.round,
        step=_index(policy, want.step),
        status=OfferStatus.ACCEPTED,
        distance_m=distance,
        travel_s=travel,
        reason="handed_over",
        offered_at=now,
        lapses_at=now + want.step.acknowledge,
        settled_at=now,
    )


def _held_by(held: Offer | None) -> dict[str, str]:
    return {} if held is None else {"from_responder_id": str(held.responder_id)}


async def _tell_of_move(outreach: Outreach, held: Offer | None, given: Offer | None, now: datetime) -> None:
    for row in words_of_move(held, given, now, urgent=outreach.severity is Severity.HIGH):
        await queue(row)


async def _refresh(outreach: Outreach) -> None:
    locked = await Outreach.select_for_update(no_key=True).get(id=outreach.id)
    if locked.status is OutreachStatus.ENDED:
        raise IllegalMove("This outreach has ended; reopen it first.")
    if locked.exercise:
        raise IllegalMove("This is an exercise: nobody is sent out for it.")
    outreach.version, outreach.round, outreach.step = locked.version, locked.round, locked.step
    outreach.acknowledged_at = locked.acknowledged_at


async def _kind_under_way(outreach: Outreach) -> TaskKind:
    held = await Task.filter(outreach_id=outreach.id, status__in=LIVE_TASK).order_by("-accepted_at").first()
    offered = await Offer.filter(outreach_id=outreach.id, status=OfferStatus.OFFERED).order_by("-offered_at").first()
    if held is not None or offered is not None:
        return cast(TaskKind, (held or cast(Any, offered)).kind)
    want = await want_of(outreach, step_for(await policy_of(outreach), TaskKind.VISIT.value, outreach.step))
    return TaskKind.CALL if want.point is None else TaskKind.VISIT


async def _fit(responder_id: UUID, want: Want, now: datetime) -> Responder:
    responder = await Responder.filter(id=responder_id).first()
    if responder is None:
        raise NotFound
    if not fit_for(responder, want, now):
        raise NotEligible
    return responder


async def _take_from_others(
    outreach: Outreach, kind: TaskKind, responder_id: UUID | None, now: datetime
) -> Offer | None:
    """Free the task for this responder; answers the offer by which somebody held it."""
    task = await Task.filter(outreach_id=outreach.id, kind=kind, status__in=LIVE_TASK).first()
    if task is not None:
        if task.responder_id == responder_id:
            raise NotEligible("This responder holds the task already.")
        await close_task(task, REASSIGNED, now)
    await withdraw_offers(outreach.id, REASSIGNED, now, kind=kind.value)
    return await Offer.get(id=task.offer_id) if task is not None else None


async def _hand_over(outreach: Outreach, offer: Offer, want: Want, coordinator_id: UUID, now: datetime) -> Task:
    assert offer.responder_id is not None
    offer.code, offer.by_coordinator_id = await free_code(offer.responder_id), coordinator_id
    await offer.save(force_create=True)
    return await Task.create(
        outreach_id=outreach.id,
        kind=want.kind,
        responder_id=offer.responder_id,
        offer_id=offer.id,
        accepted_at=now,
        due_at=now + want.step.within,
        acknowledge_by=now + want.step.acknowledge,
    )


def _index(policy: Policy, step: Step) -> int:
    return policy.steps.index(step) if step in policy.steps else 0


async def _write_down(
    outreach: Outreach, line: str, kind: TaskKind, reason: str, coordinator_id: UUID, now: datetime, **data: str
) -> None:
    outreach.version += 1
    outreach.acknowledged_at = outreach.acknowledged_at or now
    await outreach.save(update_fields=["version", "acknowledged_at"])
    why = reason if re.fullmatch(r"[a-z][a-z_]{0,39}", reason) else "other"
    said: dict[str, object] = {"task_kind": kind.value, **data, "reason": why, "version": outreach.version}
    await note_event(outreach.id, line, now, now, Actor("coordinator", coordinator_id), None, **said)
    await look_at(outreach.id, now)


async def return_unacknowledged(now: datetime, limit: int = 200) -> int:
    """Give the ladder back the handed-over tasks nobody has acknowledged in time; answers how many."""
    silent = Task.filter(status=TaskStatus.ACCEPTED, acknowledged_at__isnull=True, acknowledge_by__lte=now)
    rows = await silent.order_by("acknowledge_by").limit(limit).values_list("id", "outreach_id")
    return sum([await _return_apart(task_id, outreach_id, now) for task_id, outreach_id in rows])


async def _return_apart(task_id: UUID, outreach_id: UUID, now: datetime) -> int:
    return await apart(
        outreach_id,
        lambda: _return(task_id, outreach_id, now),
        lambda: Task.filter(id=task_id).update(acknowledge_by=now + PUT_OFF),
    )


async def _return(task_id: UUID, outreach_id: UUID, now: datetime) -> bool:
    async with in_transaction():
        outreach = await Outreach.select_for_update(no_key=True).get(id=outreach_id)
        task = await Task.get(id=task_id)
        if task.acknowledged_at is not None or not await close_task(task, UNACKNOWLEDGED, now):
            return False
        await tell(await Offer.get(id=cast(Any, task).offer_id), "called_off", now, why=UNACKNOWLEDGED)
        data: dict[str, object] = {"task_kind": task.kind.value, "task_id": str(task.id)}
        data["version"] = outreach.version + 1
        await note_event(outreach_id, UNACKNOWLEDGED, now, now, SYSTEM, None, **data)
        await hurry(outreach_id, now)
        return True
