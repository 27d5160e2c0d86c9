"""The coordinators' views: the list of outreaches, without a name in it, and one outreach with everything known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from outreach.errors import BadInput, FieldFault, NotFound
from outreach.models import Attempt, CheckIn, Event, OptOut, Outreach, ProviderEvent, Resident, Target
from outreach.models.states import EndState, OutreachStatus, Severity
from outreach.reports.beside import beside, masked
from outreach.reports.following import target_status, target_times
from outreach.reports.unsent import unsent_of

PAGE = 50
RESIDENT_ONLY = {"name_hash", "number_hash", "resident_id", "merged_into"}
ASIDE_ONLY = {"id", "check_in_id", "body_hash"}
WORD_ONLY = {"id", "provider", "sequence", "about"}
FILTERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "status": lambda given: {"status": OutreachStatus(given)},
    "live": lambda given: {"ended_at__isnull": _yes(given)},
    "severity": lambda given: {"severity": Severity(given)},
    "end_state": lambda given: {"end_state": EndState(given)},
    "family": lambda given: {"family": given},
    "category": lambda given: {"category__code": given},
    "area": lambda given: {"area__path__startswith": given},
    "resident_id": lambda given: {"resident_id": UUID(given)},
    "taken_by": lambda given: {"taken_by_id": UUID(given)},
    "taken": lambda given: {"taken_by_id__isnull": not _yes(given)},
    "paused": lambda given: {"paused_at__isnull": not _yes(given)},
    "reached": lambda given: {"reached_at__isnull": not _yes(given)},
    "exercise": lambda given: {"exercise": _yes(given)},
}


async def outreach_list(
    queryset: QuerySet[Outreach], filters: Mapping[str, str], cursor: str | None = None, limit: int = PAGE
) -> dict[str, Any]:
    """One page of `queryset` (what this coordinator may see), newest first: {outreaches, next}; codes and ids only.

    `filters` are words of FILTERS; `next` is the cursor of the following page or None. BadInput names a bad field.
    """
    found = queryset.filter(**_asked(filters))
    if cursor:
        found = found.filter(id__lt=_read(UUID, cursor, "cursor"))
    rows = await found.order_by("-id").limit(limit + 1).prefetch_related("category", "policy", "area")
    page = rows[:limit]
    return {"outreaches": [summary(row) for row in page], "next": str(page[-1].id) if len(rows) > limit else None}


def _asked(filters: Mapping[str, str]) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for name, given in filters.items():
        if name not in FILTERS:
            raise BadInput(faults=(FieldFault(name, f"Not a filter; there are {', '.join(FILTERS)}."),))
        asked |= _read(FILTERS[name], given, name)
    return asked


def _read(reader: Callable[[str], Any], given: str, field: str) -> Any:
    try:
        return reader(given)
    except ValueError:
        raise BadInput(faults=(FieldFault(field, "Not a value of this field."),)) from None


def _yes(given: str) -> bool:
    if given not in ("true", "false"):
        raise ValueError
    return given == "true"


def summary(outreach: Outreach) -> dict[str, Any]:
    """One outreach without personal data; `category`, `policy` and `area` must have been fetched."""
    row = plain(outreach, leave=("category_id", "policy_id", "area_id"))
    policy = outreach.policy
    area = outreach.area
    return row | {
        "category": outreach.category.code,
        "policy": {"name": policy.name, "version": policy.version},
        "area": {"code": area.code, "name": area.name, "path": area.path} if area else None,
    }


async def outreach_view(outreach_id: UUID, area_path: str | None = None, *, look: bool = True) -> dict[str, Any]:
    """Everything known of one outreach; raises NotFound.

    With `look` the resident's phones and addresses are in it too: the caller checks who asks and logs that. Responders
    are named who are of `area_path` (None: of any area).
    """
    outreach = await Outreach.filter(id=outreach_id).prefetch_related("category", "policy", "area").first()
    if outreach is None:
        raise NotFound()
    await outreach.fetch_related("attempts", "offers", "tasks")
    events = await Event.filter(outreach_id=outreach_id).order_by("seq")
    view = summary(outreach) | {
        "resident": await _resident(outreach.resident_id),
        "targets": await _targets(outreach_id),
        "attempts": await _attempts(outreach, events),
        "offers": [plain(each, leave=("code",)) for each in _by_id(outreach.offers)],  # type: ignore[attr-defined]
        "tasks": [plain(each) for each in _by_id(outreach.tasks)],  # type: ignore[attr-defined]
        "check_ins": await _check_ins(outreach_id),
        "timeline": [plain(each, leave=("outreach_id",)) for each in events],
        **await beside(outreach, list(events), area_path),
    }
    return view if look else masked(view)


async def _attempts(outreach: Outreach, lines: list[Event]) -> list[dict[str, Any]]:
    rows: list[Attempt] = _by_id(outreach.attempts)  # type: ignore[attr-defined]
    heard = await ProviderEvent.filter(about__in=[row.id for row in rows]).order_by("at", "id")
    words = [(word.about, plain(word, leave=WORD_ONLY)) for word in heard]
    unsent = {
        row_id: {"state": each.state, "at": each.at.isoformat(), "why": each.why}
        for row_id, each in unsent_of(outreach, rows, lines).items()
    }
    return [
        plain(row) | {"provider_said": [word for about, word in words if about == row.id], "unsent": unsent.get(row.id)}
        for row in rows
    ]


async def _check_ins(outreach_id: UUID) -> list[dict[str, Any]]:
    rows = CheckIn.filter(task__outreach_id=outreach_id).order_by("received_at", "id").prefetch_related("kept_aside")
    return [
        plain(row, leave=("body_hash",))
        | {"kept_aside": [plain(each, leave=ASIDE_ONLY) for each in _by_id(row.kept_aside)]}  # type: ignore[attr-defined]
        for row in await rows
    ]


async def _resident(resident_id: UUID) -> dict[str, Any]:
    resident = await Resident.get(id=resident_id).prefetch_related("phones", "addresses", "trusted_contacts")
    return plain(resident, leave=RESIDENT_ONLY) | {
        "phones": [plain(each, leave=RESIDENT_ONLY) for each in _by_id(resident.phones)],
        "addresses": [plain(each, leave=RESIDENT_ONLY) for each in _by_id(resident.addresses)],
        "trusted_contacts": [
            plain(each, leave=RESIDENT_ONLY)
            for each in _by_id(resident.trusted_contacts)  # type: ignore[attr-defined]
        ],
        "opt_outs": await _opt_outs(resident),
    }


async def _opt_outs(resident: Resident) -> list[dict[str, Any]]:
    """Their own wishes, and those made for a number of theirs or of whom they trust, whoever made them."""
    phones = {each.number_hash: str(each.id) for each in resident.phones}
    contacts = {each.number_hash: str(each.id) for each in resident.trusted_contacts}  # type: ignore[attr-defined]
    numbers = OptOut.filter(Q(resident_id=resident.id) | Q(number_hash__in=[*phones, *contacts]))
    return [
        plain(each, leave=RESIDENT_ONLY)
        | {
            "phone_id": phones.get(each.number_hash),
            "trusted_contact_id": contacts.get(each.number_hash),
            "made_for_number": each.resident_id != resident.id,
        }
        for each in await numbers.order_by("at", "id")
    ]


async def _targets(outreach_id: UUID) -> list[dict[str, Any]]:
    targets = await Target.filter(outreach_id=outreach_id).order_by("id").prefetch_related("warning__source")
    return [
        {
            "target_id": str(target.id),
            "status": target_status(target),
            **target_times(target),
            "warning": plain(target.warning, leave=("content_hash",)) | _source_of(target),
            "aftermath": {"defrauded": target.defrauded, "lost": target.lost, "told_by": target.lost_told_by},
        }
        for target in targets
    ]


def _source_of(target: Target) -> dict[str, str]:
    source = target.warning.source
    return {"source": source.code, "source_name": source.name}


def _by_id(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: row.id)


def plain(row: Model, leave: Any = ()) -> dict[str, Any]:
    """The row's own columns in JSON's types, but for those in `leave`."""
    return {name: _json(getattr(row, name)) for name in sorted(row._meta.db_fields) if name not in leave}


def _json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
