"""What a coordinator reads beside a case: what may be said and found, who everybody is, what was left to whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from outreach.models import DeskCall, Event, Handover, Outreach
from outreach.reports.changing import names_of, people_in
from outreach.reports.doubles import doubles_of

SAID = ("scripts", "say", "keep_back", "door")
HIDDEN = "••••"


async def beside(outreach: Outreach, events: list[Event], area_path: str | None) -> dict[str, Any]:
    """The words of the category, the handovers, the notes of calls, the doubles, and everybody's name by id.

    Coordinators are named, and responders of `area_path` (None: of any area).
    """
    category = outreach.category
    calls = await DeskCall.filter(outreach_id=outreach.id).order_by("at", "id")
    handovers = await Handover.filter(outreach_id=outreach.id).order_by("at", "id")
    people = {each for line in events for each in people_in(line)} | _of_rows(outreach, handovers)
    names = await names_of(people, area_path)
    return {
        "category_name": category.scripts.get("names", {}),
        "outcomes": category.outcomes,
        **{part: category.scripts.get(part, {}) for part in SAID},
        "calls": [{"id": str(each.id), "note": each.note} for each in calls],
        "handovers": [_handover(each) for each in handovers],
        "doubles": [str(each) for each in await doubles_of(outreach.resident_id)],
        "names": {str(each): name for each, name in names.items()},
    }


def masked(view: dict[str, Any]) -> dict[str, Any]:
    """The same view without what a look shows: numbers keep their ends, addresses their area, places are left out."""
    resident = view["resident"]
    hidden = {"text": None, "point": None}
    shown = {
        "phones": [each | {"number": mask(each["number"])} for each in resident["phones"]],
        "trusted_contacts": [each | {"number": mask(each["number"])} for each in resident["trusted_contacts"]],
        "addresses": [each | hidden for each in resident["addresses"]],
    }
    check_ins = [each | {"location": None, "kept_aside": []} for each in view["check_ins"]]
    return view | {"resident": resident | shown, "check_ins": check_ins}


def mask(number: str) -> str:
    """`+86 … 6021` as `+861••••21`: enough to tell two apart, too little to ring."""
    return f"{number[:4]}{HIDDEN}{number[-2:]}"


def _of_rows(outreach: Outreach, handovers: list[Handover]) -> set[UUID]:
    held = {each.responder_id for each in (*outreach.tasks, *outreach.offers)}  # type: ignore[attr-defined]
    left = {each for row in handovers for each in (row.from_coordinator_id, row.to_coordinator_id)}
    return {each for each in held | left | {outreach.taken_by_id} if each is not None}


def _handover(row: Handover) -> dict[str, Any]:
    who = {"from_id": row.from_coordinator_id, "to_id": row.to_coordinator_id}
    return {
        "at": row.at.isoformat(),
        "note": row.note,
        **{key: str(each) if each else None for key, each in who.items()},
    }
