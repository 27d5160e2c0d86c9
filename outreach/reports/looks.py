"""Who looked at whose personal data, and when: in a case, where a look leaves a line, or in the registry or board."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from outreach.errors import BadInput, FieldFault
from outreach.models import Coordinator, Event, Look, LookShown, Resident, Responder

LOOK = "details_shown"
CASE = "case"
WAYS = (CASE, "search", "record", "board")
PAGE = 100
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"([cr])([0-9]{1,17})\.([0-9a-f]{1,32})")
COLUMNS = ("at", "who", "organisation", "outreach_id", "how")


@dataclass(frozen=True)
class Asked:
    """Which looks: at this person and who was merged into them, by somebody, from a moment on, before another, how.

    And in this area only.
    """

    resident_id: UUID | None = None
    who: UUID | None = None
    frm: datetime | None = None
    to: datetime | None = None
    area_path: str | None = None
    way: str | None = None
    also: tuple[UUID, ...] = ()
    """Those who were merged into the resident; found when asked."""


async def looks(asked: Asked, before: str | None = None, limit: int = PAGE) -> dict[str, Any]:
    """One page of looks, newest first: {looks, next}; `next` is the `before` of the following page or None.

    Raises BadInput for a `before` that no page gave.
    """
    in_cases, elsewhere = _before(before)
    asked = await _with_doubles(asked)
    rows = await _rows(_found(asked).filter(in_cases).order_by("-at", "-seq").limit(limit + 1))
    others = await _others(_elsewhere(asked).filter(elsewhere).order_by("-at", "-id").limit(limit + 1), asked)
    names = await _names({row["actor_id"] for row in (*rows, *others)})
    page = sorted([*(_line(row, names) for row in rows), *(_other(row, names) for row in others)], key=_newest_first)
    return {"looks": page[:limit], "next": _cursor(page[limit - 1]) if len(page) > limit else None}


async def looks_as_csv(asked: Asked) -> str:
    """Every look, oldest first, for the person concerned: when, a person of which kind and organisation, which case.

    Nobody's name is in it: a volunteer who came to a door is not to be looked for afterwards.
    """
    asked = await _with_doubles(asked)
    rows = await _rows(_found(asked).order_by("seq"))
    others = await _others(_elsewhere(asked).order_by("id"), asked)
    told = [*(row | {"way": CASE} for row in rows), *(row | {"outreach_id": ""} for row in others)]
    rows = sorted(told, key=lambda row: row["at"])
    units = await _units({row["actor_id"] for row in rows})
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for row in rows:
        organisation = units.get(row["actor_id"], "")
        who = (row["actor_kind"], _unread(organisation))
        lines.writerow((row["at"].isoformat(), *who, row["outreach_id"], row["way"]))
    return written.getvalue()


async def _with_doubles(asked: Asked) -> Asked:
    if asked.resident_id is None:
        return asked
    rows = await Resident.filter(merged_into=asked.resident_id).only("id")
    return replace(asked, also=tuple(row.id for row in rows))


def _whose(asked: Asked) -> list[UUID] | None:
    return None if asked.resident_id is None else [asked.resident_id, *asked.also]


def _found(asked: Asked) -> QuerySet[Event]:
    given = {
        "outreach__resident_id__in": _whose(asked),
        "actor_id": asked.who,
        "at__gte": asked.frm,
        "at__lt": asked.to,
        "outreach__area__path__startswith": asked.area_path,
    }
    found = Event.filter(kind=LOOK, **{name: value for name, value in given.items() if value is not None})
    return found if asked.way in (None, CASE) else found.filter(seq__lt=0)


def _elsewhere(asked: Asked) -> QuerySet[Look]:
    given = {"actor_id": asked.who, "at__gte": asked.frm, "at__lt": asked.to, "way": asked.way}
    found = Look.filter(**{name: value for name, value in given.items() if value is not None})
    people = _people(asked)
    return found.filter(id__in=Subquery(LookShown.filter(**people).values("look_id"))) if people else found


def _people(asked: Asked) -> dict[str, Any]:
    given = {"person_id__in": _whose(asked), "area__path__startswith": asked.area_path}
    return {name: value for name, value in given.items() if value is not None}


async def _others(found: QuerySet[Look], asked: Asked) -> list[dict[str, Any]]:
    rows = [dict(row) for row in await found.values("id", "at", "actor_kind", "actor_id", "way")]
    shown = LookShown.filter(look_id__in=[row["id"] for row in rows], **_people(asked)).order_by("person_id")
    whose: dict[UUID, list[UUID]] = {row["id"]: [] for row in rows}
    for each in await shown:
        whose[each.look_id].append(each.person_id)
    return [row | {"people": whose[row["id"]]} for row in rows]


def _before(cursor: str | None) -> tuple[Q, Q]:
    """What a page holds of cases, and of looks elsewhere, which at one time come after those in cases."""
    if cursor is None:
        return Q(), Q()
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise BadInput(faults=(FieldFault("cursor", "is not the `next` of a page"),))
    at = EPOCH + timedelta(microseconds=int(found[2]))
    if found[1] == "c":
        return Q(at__lt=at) | Q(at=at, seq__lt=int(found[3], 16)), Q(at__lte=at)
    return Q(at__lt=at), Q(at__lt=at) | Q(at=at, id__lt=UUID(int=int(found[3], 16)))


def _cursor(line: dict[str, Any]) -> str:
    last = line["seq"] if line["way"] == CASE else line["id"].int
    return f"{'c' if line['way'] == CASE else 'r'}{(line['at'] - EPOCH) // timedelta(microseconds=1)}.{last:x}"


def _newest_first(line: dict[str, Any]) -> tuple[Any, ...]:
    in_case = line["way"] == CASE
    return EPOCH - line["at"], not in_case, -(line["seq"] if in_case else line["id"].int)


async def _rows(found: QuerySet[Event]) -> list[dict[str, Any]]:
    columns = ("seq", "at", "actor_kind", "actor_id", "outreach_id", "data")
    return [dict(row) for row in await found.values(*columns, resident_id="outreach__resident_id")]


def _line(row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "id": None,
        "way": CASE,
        "people": [row["resident_id"]],
        "at": row["at"],
        "resident_id": row["resident_id"],
        "outreach_id": row["outreach_id"],
        "task_id": row["data"].get("task_id"),
        "who": {"kind": row["actor_kind"], "id": row["actor_id"], "name": names.get(row["actor_id"])},
    }


def _other(row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    who = {"kind": row["actor_kind"], "id": row["actor_id"], "name": names.get(row["actor_id"])}
    said = {"id": row["id"], "way": row["way"], "people": row["people"], "at": row["at"], "who": who}
    return {**said, "seq": None, "resident_id": None, "outreach_id": None, "task_id": None}


async def _names(ids: set[UUID]) -> dict[UUID, str]:
    people: list[Responder | Coordinator] = [*await Responder.filter(id__in=ids), *await Coordinator.filter(id__in=ids)]
    return {person.id: person.name for person in people}


async def _units(ids: set[UUID]) -> dict[UUID, str]:
    rows = await Responder.filter(id__in=ids, unit_id__not_isnull=True).values("id", name="unit__name")
    return {row["id"]: row["name"] for row in rows}


def _unread(text: str) -> str:
    """Text that a spreadsheet will not read as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
