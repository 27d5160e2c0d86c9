"""What a responder has done: visits and calls that they finished, and the time these took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from outreach.models import Absence, CheckIn, Shift, Task
from outreach.models.states import CheckInKind
from outreach.tasks.finding import DONE


async def done_between(responder_id: UUID, frm: datetime, to: datetime) -> list[Task]:
    """The tasks taken from `frm` until before `to` of which this responder said what they found, the first first.

    Each counts from when it was accepted until it was closed. What was taken from them, and exercises, do not count.
    """
    mine = Task.filter(responder_id=responder_id, close_reason=DONE, outreach__exercise=False)
    return await mine.filter(accepted_at__gte=frm, accepted_at__lt=to).order_by("accepted_at", "id")


async def reached_in(done: list[Task]) -> int:
    """With how many people the holders of these finished tasks spoke, as the category of each counts its outcomes."""
    found = CheckIn.filter(kind=CheckInKind.OUTCOME, task_id__in=[task.id for task in done])
    people = set()
    for each in await found.prefetch_related("task__outreach__category"):
        outreach = cast(Any, each).task.outreach
        if any(row["code"] == each.outcome and row.get("reached") for row in outreach.category.outcomes):
            people.add(outreach.resident_id)
    return len(people)


async def on_duty(responder_id: UUID, frm: datetime, to: datetime) -> timedelta:
    """How long this responder was on duty from `frm` until `to`: their shifts, less what they were away."""
    meanwhile = {"responder_id": responder_id, "starts_at__lt": to, "ends_at__gt": frm}
    away = [_within(row, frm, to) for row in await Absence.filter(**meanwhile)]
    shifts = [_within(row, frm, to) for row in await Shift.filter(**meanwhile)]
    return _covered([*shifts, *away]) - _covered(away)


def _within(row: Shift | Absence, frm: datetime, to: datetime) -> tuple[datetime, datetime]:
    return max(row.starts_at, frm), min(row.ends_at, to)


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """The time that lies in any of these."""
    total, last = timedelta(0), None
    for begins, ends in sorted(spans):
        begins = begins if last is None else max(begins, last)
        total += max(ends - begins, timedelta(0))
        last = ends if last is None else max(ends, last)
    return total
