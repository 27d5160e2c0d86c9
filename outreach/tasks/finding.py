"""What a check-in changes: the task it is about, and by way of a contact the outreach."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from outreach.models import CheckIn, Outreach, Phone, Responder, Task
from outreach.models.moves import move
from outreach.models.states import LIVE_TASK, CheckInKind, Evidence, TaskKind, TaskStatus
from outreach.outcomes import Actor, Contact, note_event, record_contact
from outreach.outcomes.calling_off import close_task
from outreach.policy import OutcomeRule
from outreach.tasks.rules import policy_of

DONE = "done"
"""Why a task closed whose holder said what they found; any other reason means that it was taken from them."""
EVIDENCE = {TaskKind.VISIT: Evidence.IN_PERSON, TaskKind.CALL: Evidence.PERSON_BY_PHONE}


async def believe(kept: CheckIn, task: Task, rule: OutcomeRule | None, now: datetime) -> None:
    """Do what follows from this new check-in; inside the transaction that keeps it, with the outreach locked."""
    await Task.filter(id=task.id, acknowledged_at__isnull=True, status__in=LIVE_TASK).update(acknowledged_at=now)
    if rule is not None:
        await _found(kept, task, rule, now)
        return
    if kept.kind is CheckInKind.ARRIVED and not kept.after_handover:
        await _arrive(kept, task)
    await _write_down(kept, task, now)


async def _arrive(kept: CheckIn, task: Task) -> None:
    if not await move(Task, task.id, TaskStatus.ARRIVED, arrived_at=kept.corrected_at):
        # It came after the outcome, as it may from a phone without signal.
        await Task.filter(id=task.id, arrived_at__isnull=True).update(arrived_at=kept.corrected_at)


async def _found(kept: CheckIn, task: Task, rule: OutcomeRule, now: datetime) -> None:
    outreach = await Outreach.get(id=cast(Any, task).outreach_id)
    if not kept.after_handover:
        await close_task(task, DONE, kept.corrected_at)
    if rule.wrong_number:
        unmarked = Phone.filter(resident_id=cast(Any, outreach).resident_id, wrong_at__isnull=True)
        await unmarked.update(wrong_at=kept.corrected_at)
    if kept.after_handover and not rule.reached:
        # Somebody else is on the way by now: nothing found here is no reason to hurry past them.
        await _write_down(kept, task, now)
        return
    contact = await _contact(kept, task, rule)
    await record_contact(outreach.id, await policy_of(outreach), contact, now)


async def _contact(kept: CheckIn, task: Task, rule: OutcomeRule) -> Contact:
    holder: UUID = cast(Any, task).responder_id
    responder = await Responder.filter(id=holder).only("id", "role").get()
    return Contact(
        at=kept.corrected_at,
        channel=task.kind.value,
        evidence=EVIDENCE[task.kind] if rule.reached else None,
        reached=rule.reached,
        danger_off=rule.danger_off,
        ends=rule.ends,
        follow_up=rule.follow_up,
        accurate=rule.accurate,
        outcome=rule.code,
        role=responder.role.value,
        actor=Actor("responder", holder),
        task_id=task.id,
        detail=_detail(kept, rule),
    )


def _detail(kept: CheckIn, rule: OutcomeRule | None) -> dict[str, object]:
    said: dict[str, object] = {"check_in_id": str(kept.id), "task_id": str(cast(Any, kept).task_id)}
    flags = {"after_handover": kept.after_handover, "bounded": kept.bounded}
    if rule is not None:
        flags |= {"emergency": rule.emergency, "wrong_place": rule.wrong_place, "wrong_number": rule.wrong_number}
    return said | {name: True for name, is_set in flags.items() if is_set}


async def _write_down(kept: CheckIn, task: Task, now: datetime) -> None:
    data = _detail(kept, None)
    if kept.outcome:
        data["outcome"] = kept.outcome
    actor = Actor("responder", cast(Any, task).responder_id)
    kind = "found" if kept.kind is CheckInKind.OUTCOME else kept.kind.value
    await note_event(cast(Any, task).outreach_id, kind, kept.corrected_at, now, actor, None, **data)
