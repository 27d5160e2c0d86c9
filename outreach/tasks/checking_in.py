"""A phone reports about a task: kept once, at the time it was made, and believed as far as the category says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from outreach.errors import DifferentContent, FieldFault, NotFound, UnknownOutcome
from outreach.geo import Point, point_text
from outreach.models import CheckIn, CheckInKeptAside, Outreach, Responder, Task
from outreach.models.sealing import keyed_hash
from outreach.models.states import CheckInKind, TaskStatus
from outreach.policy import OutcomeRule
from outreach.registry.correcting import Correction
from outreach.settings import Settings
from outreach.tasks.finding import DONE, believe
from outreach.tasks.looking_after import is_too_late, keep_correction_aside, move_case
from outreach.tasks.rules import outcomes_of
from outreach.tasks.timing import Timing, correct

ADDED = ("correction", "again_at")


@dataclass(frozen=True)
class CheckInForm:
    """What the phone sends: its own `id`, its own `made_at`, the point as (lat, lon), accuracy in metres.

    `correction` is what it says of the resident's place and number, `again_at` when to come again.
    """

    id: UUID
    task_id: UUID
    kind: CheckInKind
    made_at: datetime
    outcome: str | None = None
    note: str | None = None
    location: Point | None = None
    accuracy_m: float | None = None
    correction: Correction | None = None
    again_at: datetime | None = None

    def canonical(self) -> str:
        """The same text for the same content, however it was written."""
        body = {**asdict(self), "made_at": self.made_at.astimezone(UTC).isoformat()}
        if self.again_at is not None:
            body["again_at"] = self.again_at.astimezone(UTC).isoformat()
        # A phone of before these were asked for sends the same content under the same hash.
        body = {name: said for name, said in body.items() if said is not None or name not in ADDED}
        return json.dumps(body, sort_keys=True, default=str, ensure_ascii=False)


async def check_in(
    form: CheckInForm, responder_id: UUID, phone_now: datetime, now: datetime, settings: Settings
) -> tuple[CheckIn, bool]:
    """Keep the check-in and do what follows from it; answers it and whether it is new. Call it outside a transaction.

    Raises NotFound for a task that was never this responder's, UnknownOutcome, and DifferentContent when the id
    was used for other content, which is then kept aside.
    """
    try:
        kept, fresh = await _receive(form, responder_id, phone_now, now, settings)
    except IntegrityError:
        # The same id came twice at once and the other was first: now it is there to compare with.
        kept, fresh = await _receive(form, responder_id, phone_now, now, settings)
    if not fresh and kept.body_hash != keyed_hash(form.canonical()):
        raise DifferentContent
    return kept, fresh


async def _receive(
    form: CheckInForm, responder_id: UUID, phone_now: datetime, now: datetime, settings: Settings
) -> tuple[CheckIn, bool]:
    async with in_transaction():
        task = await _hold(form.task_id, responder_id)
        known = await CheckIn.filter(id=form.id).first()
        if known is not None:
            await _set_aside(known, form, now)
            return known, False
        rule = await _rule_of(form, task)
        limit = timedelta(minutes=settings.clock_error_limit_min)
        timing = correct(form.made_at, phone_now, now, task.accepted_at, limit)
        kept = await _keep(form, task, timing, now)
        await _put_right(form, kept, task, now)
        await believe(kept, task, rule, now, form.again_at)
        return kept, True


async def _put_right(form: CheckInForm, kept: CheckIn, task: Task, now: datetime) -> None:
    if form.correction is None:
        return
    if is_too_late(kept, task, now):
        await keep_correction_aside(kept, task, form.canonical(), now)
    else:
        await move_case(kept, task, form.correction, now)


async def _hold(task_id: UUID, responder_id: UUID) -> Task:
    task = await Task.filter(id=task_id, responder_id=responder_id).first()
    if task is None:
        raise NotFound
    await Outreach.select_for_update(no_key=True).get(id=cast(Any, task).outreach_id)
    return await Task.get(id=task_id)


async def _set_aside(known: CheckIn, form: CheckInForm, now: datetime) -> None:
    body = form.canonical()
    if known.body_hash == keyed_hash(body):
        return
    given = {"body": body, "received_at": now}
    await CheckInKeptAside.get_or_create(check_in_id=known.id, body_hash=keyed_hash(body), defaults=given)


async def _rule_of(form: CheckInForm, task: Task) -> OutcomeRule | None:
    if form.kind is not CheckInKind.OUTCOME:
        return None
    rules = await outcomes_of(await Outreach.get(id=cast(Any, task).outreach_id))
    if form.outcome not in rules:
        raise UnknownOutcome(faults=(FieldFault("outcome", f"One of {', '.join(rules)}."),))
    return rules[form.outcome]


async def _where(form: CheckInForm, responder_id: UUID) -> str | None:
    """The point it was made at; of a call for help that names none, where its phone was last."""
    if form.location is not None or form.kind is not CheckInKind.HELP:
        return point_text(form.location) if form.location else None
    last = await Responder.filter(id=responder_id, position_at__isnull=False).only("id", "lat", "lon").first()
    return point_text((last.lat, last.lon)) if last and last.lat is not None and last.lon is not None else None


async def _keep(form: CheckInForm, task: Task, timing: Timing, now: datetime) -> CheckIn:
    return await CheckIn.create(
        id=form.id,
        task_id=task.id,
        responder_id=cast(Any, task).responder_id,
        kind=form.kind,
        outcome=form.outcome if form.kind is CheckInKind.OUTCOME else None,
        note=form.note,
        made_at=form.made_at,
        corrected_at=timing.at,
        clock_error_s=timing.error_s,
        bounded=timing.bounded,
        received_at=now,
        location=await _where(form, cast(Any, task).responder_id),
        accuracy_m=form.accuracy_m,
        after_handover=task.status is TaskStatus.CLOSED and task.close_reason != DONE,
        body_hash=keyed_hash(form.canonical()),
    )
