"""Shifts come in from a plan; those that a phone's switch made are its owner's and stay."""

from __future__ import annotations

from outreach.models import Responder, Shift
from outreach.models.fields import new_id
from outreach.registry.reading import Row
from outreach.registry.rows import ShiftRow
from outreach.registry.run import Run

PLAN = "plan"


async def take(run: Run, rows: list[Row]) -> None:
    """Make, change or leave each shift; it is known again by whose it is and when it begins."""
    sound = run.checked(rows, ShiftRow, "shift")
    named = await Responder.filter(external_id__in=[given.external_id for _, given in sound]).only(
        "id", "external_id", "area_id"
    )
    people = {each.external_id: each.id for each in named if run.sees(each.area_id)}
    planned = await Shift.filter(responder_id__in=list(people.values()), origin=PLAN)
    kept = {(each.responder_id, each.starts_at): each for each in planned}
    new: list[Shift] = []
    for row, given in sound:
        responder_id = people.get(given.external_id)
        if responder_id is None:
            run.refuse(row, "external_id: no responder has it")
            continue
        known = kept.get((responder_id, given.starts_at))
        if known is not None:
            await _change(run, row, known, given)
            continue
        new.append(
            Shift(id=new_id(), responder_id=responder_id, starts_at=given.starts_at, ends_at=given.ends_at, origin=PLAN)
        )
        run.create(row)
    if run.apply and new:
        await Shift.bulk_create(new)


async def _change(run: Run, row: Row, known: Shift, given: ShiftRow) -> None:
    differs = known.ends_at != given.ends_at
    if run.apply and differs:
        await Shift.filter(id=known.id).update(ends_at=given.ends_at)
    run.change(row, ["ends_at"] if differs else [])
