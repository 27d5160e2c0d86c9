"""What a phone reports besides what was found: that the case is elsewhere, that help is needed, that all is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from tortoise.expressions import F

from outreach.models import CheckIn, CheckInKeptAside, Offer, Outreach, Task
from outreach.models.sealing import keyed_hash
from outreach.models.states import LIVE_TASK
from outreach.outcomes import Actor, alarm_of_help, look_at, note_event, policy_of, tell_board
from outreach.registry.correcting import Correction, put_right
from outreach.tasks.rules import step_for

HEARD_FOR = timedelta(days=3)
"""How long after its end a task's holder is still believed about places and numbers: a phone may have had no signal."""


async def move_case(kept: CheckIn, task: Task, given: Correction, now: datetime) -> None:
    """The case moves to where its holder says that it is, with its clock running; the outreach is locked."""
    outreach = await Outreach.get(id=cast(Any, task).outreach_id)
    grid = None
    if not outreach.exercise:
        # What was played proves nothing about the numbers and places of a real person.
        grid = await put_right(cast(Any, outreach).resident_id, given, kept.corrected_at)
    moved: dict[str, Any] = {"version": F("version") + 1} | ({"area_id": grid.id} if grid else {})
    await Outreach.filter(id=outreach.id).update(**moved)
    data: dict[str, Any] = {"place": given.has_place, "number": given.phone is not None, "other_area": bool(grid)}
    data |= {"check_in_id": str(kept.id), "task_id": str(task.id)}
    await note_event(outreach.id, "moved", kept.corrected_at, now, _holder(task), None, **data)
    await tell_board("moved", outreach.id, now, **data)
    await look_at(outreach.id, now)


def too_long_ago(task: Task, now: datetime) -> bool:
    """Whether the task ended so long ago that its holder changes nothing more of what is known of the resident."""
    return task.closed_at is not None and now - task.closed_at > HEARD_FOR


def is_too_late(kept: CheckIn, task: Task, now: datetime) -> bool:
    """Whether a correction was made after its task had ended, or is heard too long after that."""
    return too_long_ago(task, now) or (task.closed_at is not None and kept.corrected_at > task.closed_at)


async def keep_correction_aside(kept: CheckIn, task: Task, body: str, now: datetime) -> None:
    """It changes nothing: a coordinator is told, and reads beside the check-in what it says (`body`)."""
    await CheckInKeptAside.create(check_in_id=kept.id, body=body, body_hash=keyed_hash(body), received_at=now)
    outreach_id = cast(Any, task).outreach_id
    data: dict[str, Any] = {"check_in_id": str(kept.id), "task_id": str(task.id)}
    await note_event(outreach_id, "correction_kept_aside", kept.corrected_at, now, _holder(task), None, **data)
    await tell_board("correction_kept_aside", outreach_id, now, **data)


async def call_for_help(kept: CheckIn, task: Task, now: datetime) -> None:
    """Whoever holds or held this task needs help: everybody who watches the area is alarmed, however late it comes."""
    outreach = await Outreach.get(id=cast(Any, task).outreach_id)
    data: dict[str, Any] = {"check_in_id": str(kept.id), "task_id": str(task.id), "located": kept.location is not None}
    await alarm_of_help(outreach, kept.corrected_at, _holder(task), now, **data)


async def all_is_well(kept: CheckIn, task: Task) -> None:
    """The holder is well and goes on: the task is overdue as much later as the policy gives to begin with."""
    outreach, offer = await Outreach.get(id=cast(Any, task).outreach_id), await Offer.get(id=cast(Any, task).offer_id)
    within = step_for(await policy_of(outreach), task.kind.value, offer.step).within
    due = kept.corrected_at + within
    await Task.filter(id=task.id, status__in=LIVE_TASK, due_at__lt=due).update(due_at=due)


def _holder(task: Task) -> Actor:
    return Actor("responder", cast(Any, task).responder_id)
