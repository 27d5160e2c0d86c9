"""What a phone is shown of an offer and of a task."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from outreach import tasks
from outreach.geo import parse_point
from outreach.models import Address, CheckIn, Offer, Outreach, Phone, Resident, Task, Warning
from outreach.models.states import LIVE_TASK
from outreach.outcomes import note_event
from outreach.web.asking import Ask


async def offer_view(offer: Offer) -> dict[str, object]:
    """An offer with its outreach, category and area fetched; nothing in it tells who the resident is."""
    return {
        "id": offer.id,
        "status": offer.status.value,
        "kind": offer.kind.value,
        **_danger(offer.outreach),
        "code": offer.code,
        "reason": offer.reason,
        "companion": await tasks.wants_companion(offer.outreach, offer),
        "distance_m": offer.distance_m,
        "travel_s": offer.travel_s,
        "offered_at": offer.offered_at,
        "lapses_at": offer.lapses_at,
    }


async def task_view(task: Task, ask: Ask) -> dict[str, object]:
    """A task; while it is held with whom it is about, and that look is noted in the timeline."""
    category, held = task.outreach.category, task.status in LIVE_TASK
    if held:
        await note_event(task.outreach_id, "details_shown", ask.now, ask.now, ask.actor, task_id=str(task.id))
    code = await tasks.shown_code(task, ask.now)
    return {
        "id": task.id,
        "status": task.status.value,
        "kind": task.kind.value,
        **_danger(task.outreach),
        "offer_id": task.offer_id,
        "accepted_at": task.accepted_at,
        "arrived_at": task.arrived_at,
        "due_at": task.due_at,
        "acknowledge_by": task.acknowledge_by,
        "acknowledged_at": task.acknowledged_at,
        "companion": await tasks.wants_companion(task.outreach, await Offer.get(id=task.offer_id)),
        "outcomes": category.outcomes,
        **{part: category.scripts.get(part, {}) for part in ("scripts", "say", "keep_back", "door")},
        "visit_code": code.code if code else None,
        "visit_code_expires_at": code.expires_at if code else None,
        "known": await _known(task.outreach_id) if held else [],
        "resident": await resident_view(task.outreach.resident_id) if held else None,
        "ended": _ended(await tasks.how_it_ended(task)),
    }


def _ended(ended: tasks.Ended | None) -> dict[str, object] | None:
    return asdict(ended) if ended else None


async def _known(outreach_id: Any) -> list[dict[str, object]]:
    """What the sources wrote of the danger, the oldest first."""
    warned = await Warning.filter(targets__outreach_id=outreach_id).order_by("detected_at", "id")
    return [{"detected_at": warning.detected_at, "summary": warning.summary} for warning in warned]


async def resident_view(resident_id: Any) -> dict[str, object]:
    """The details by which a resident is found: for whoever holds the task, while they hold it."""
    resident = await Resident.get(id=resident_id)
    phones = await Phone.filter(resident_id=resident_id, wrong_at__isnull=True).order_by("made_at")
    addresses = await Address.filter(resident_id=resident_id, wrong_at__isnull=True).order_by("id")
    return {
        "name": resident.name,
        "language": resident.language,
        "vulnerabilities": resident.vulnerabilities,
        "phones": [{"number": phone.number, "kind": phone.kind} for phone in phones],
        "addresses": [_place(address) for address in addresses],
    }


def receipt_view(kept: CheckIn) -> dict[str, object]:
    """The receipt of a check-in: the same for each time it is sent."""
    return {
        "id": kept.id,
        "task_id": getattr(kept, "task_id"),  # noqa: B009
        "kind": kept.kind.value,
        "received_at": kept.received_at,
        "made_at": kept.made_at,
        "corrected_at": kept.corrected_at,
        "clock_error_s": kept.clock_error_s,
        "bounded": kept.bounded,
        "after_handover": kept.after_handover,
    }


def _danger(outreach: Outreach) -> dict[str, object]:
    return {
        "outreach_id": outreach.id,
        "category": outreach.category.code,
        "category_name": outreach.category.scripts.get("names", {}),
        "family": outreach.family,
        "area": outreach.area.name if outreach.area else None,
        "severity": outreach.severity.value,
        "exercise": outreach.exercise,
    }


def _place(address: Address) -> dict[str, object]:
    point = parse_point(address.point)
    return {"text": address.text, "location": {"lat": point[0], "lon": point[1]} if point else None}
