"""What is wanted of whoever goes: read once from the outreach and the step, then handed about as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from outreach.geo import Point, parse_point
from outreach.models import Address, Category, Outreach, Resident
from outreach.models.states import TaskKind
from outreach.policy import Step


@dataclass(frozen=True)
class Want:
    """One task to be taken: for whom, where (None: nobody knows), of what category, and by which step of the policy."""

    outreach_id: UUID
    resident_id: UUID
    kind: TaskKind
    round: int
    point: Point | None
    language: str | None
    area_id: UUID | None
    family: str
    category: str
    step: Step


async def want_of(outreach: Outreach, step: Step) -> Want:
    """What `step` wants for this outreach; the place is the resident's address verified last, else entered last."""
    row = cast(Any, outreach)
    resident = await Resident.filter(id=row.resident_id).only("id", "language", "area_id").get()
    category = await Category.get(id=row.category_id)
    return Want(
        outreach_id=outreach.id,
        resident_id=resident.id,
        kind=TaskKind(step.task_kind),
        round=outreach.round,
        point=await _point_of(resident.id),
        language=resident.language,
        area_id=cast(Any, resident).area_id or row.area_id,
        family=category.family,
        category=category.code,
        step=step,
    )


async def _point_of(resident_id: UUID) -> Point | None:
    with_point = Address.filter(resident_id=resident_id, point__isnull=False, wrong_at__isnull=True)
    known = await with_point.order_by("made_at")
    known.sort(key=lambda address: (address.verified_at is not None, address.verified_at or address.made_at))
    return parse_point(known[-1].point) if known else None
