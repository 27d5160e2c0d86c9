"""What a check-in changes: the task it is about, and by way of a contact the outreach."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from outreach.models import CheckIn, Outreach, Responder, Task
from outreach.models.moves import move
from outreach.models.states import LIVE_TASK, CheckInKind, Evidence, TaskKind, TaskStatus
from outreach.outcomes import Actor, Contact, note_event, policy_of, record_contact
from outreach.outcomes.calling_off import close_task
from outreach.outcomes.heeding import heed
from outreach.outcomes.learnt import contact_of
from outreach.policy import OutcomeRule
from outreach.tasks.looking_after import all_is_well, call_for_help, too_long_ago

DONE = "done"
"""Why a task closed whose holder said what they found; any other reason means that it was taken from them."""
LATEST_AGAIN = timedelta(days=14)
EVIDENCE = {TaskKind.VISIT: Evidence.IN_PERSON, TaskKind.CALL: Evidence.PERSON_BY_PHONE}


async def believe(
    kept: CheckIn, task: Task, rule: OutcomeRule | None, now: datetime, again_at: datetime | None = None
) -> None:
    """Do what follows from this new check-in; inside the transaction that keeps it, with the outreach locked."""
    await Task.filter(id=task.id, acknowledged_at__isnull=True, status__in=LIVE_TASK).update(acknowledged_at=now)
    if rule is not None:
        await _found(kept, task, rule, again_at, now)
        return
    if kept.kind is CheckInKind.ARRIVED and not kept.after_handover:
        await _arrive(kept, task)
    if kept.kind is CheckInKind.HELP:
        await call_for_help(kept, task, now)
        return
    if kept.kind is CheckInKind.MOVED:
        # Written down with what it changed.
        return
    if kept.kind is CheckInKind.FINE:
        await all_is_well(kept, task)
    await _write_down(kept, task, now)


async def _arrive(kept: CheckIn, task: Task) -> None:
    if not await move(Task, task.id, TaskStatus.ARRIVED, arrived_at=kept.corrected_at):
        # It came after the outcome, as it may from a phone without signal.
        await Task.filter(id=task.id, arrived_at__isnull=True).update(arrived_at=kept.corrected_at)


async def _found(kept: CheckIn, task: Task, rule: OutcomeRule, again_at: datetime | None, now: datetime) -> None:
    outreach = await Outreach.get(id=cast(Any, task).outreach_id)
    contact = _again(await _contact(kept, task, rule), again_at)
    if too_long_ago(task, now):
        contact = replace(contact, wrong_number=False, wrong_place=False)
    if not kept.after_handover:
        await close_task(task, DONE, kept.corrected_at)
    elif contact.evidence is None:
        # Somebody else is on the way by now: nothing found here is no reason to hurry past them.
        await _write_down(kept, task, now, channel=contact.channel, **contact.flags)
        await heed(outreach, contact, now)
        return
    await record_contact(outreach.id, await policy_of(outreach), contact, now)


async def _contact(kept: CheckIn, task: Task, rule: OutcomeRule) -> Contact:
    holder: UUID = cast(Any, task).responder_id
    responder = await Responder.filter(id=holder).only("id", "role").get()
    return contact_of(
        rule,
        EVIDENCE[task.kind],
        at=kept.corrected_at,
        channel=task.kind.value,
        role=responder.role.value,
        actor=Actor("responder", holder),
        task_id=task.id,
        detail=_detail(kept),
    )


def _again(contact: Contact, again_at: datetime | None) -> Contact:
    """The same, to be followed up when its finder said, where the outcome wants a follow-up at all."""
    if again_at is None or contact.follow_up is None:
        return contact
    wait = min(max(again_at - contact.at, timedelta(0)), LATEST_AGAIN)
    return replace(contact, follow_up=wait, detail={**contact.detail, "again_at": again_at.isoformat()})


def _detail(kept: CheckIn) -> dict[str, object]:
    said: dict[str, object] = {"check_in_id": str(kept.id), "task_id": str(cast(Any, kept).task_id)}
    flags = {"after_handover": kept.after_handover, "bounded": kept.bounded}
    return said | {name: True for name, is_set in flags.items() if is_set}


async def _write_down(kept: CheckIn, task: Task, now: datetime, **flags: object) -> None:
    data = _detail(kept) | flags
    if kept.outcome:
        data["outcome"] = kept.outcome
    actor = Actor("responder", cast(Any, task).responder_id)
    kind = "found" if kept.kind is CheckInKind.OUTCOME else kept.kind.value
    await note_event(cast(Any, task).outreach_id, kind, kept.corrected_at, now, actor, None, **data)
