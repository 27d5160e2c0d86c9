"""Who looked at whose personal data, and when: the lines that each look left in a timeline."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from outreach.models import Coordinator, Event, Responder

LOOK = "details_shown"
PAGE = 100
COLUMNS = ("at", "who", "organisation", "outreach_id")


@dataclass(frozen=True)
class Asked:
    """Which looks: at this resident, by this person, from a moment on, before another; and in this area only."""

    resident_id: UUID | None = None
    who: UUID | None = None
    frm: datetime | None = None
    to: datetime | None = None
    area_path: str | None = None


async def looks(asked: Asked, before: int | None = None, limit: int = PAGE) -> dict[str, Any]:
    """One page of looks, newest first: {looks, next}; `next` is the `before` of the following page or None."""
    found = _found(asked).filter(seq__lt=before) if before is not None else _found(asked)
    rows = await _rows(found.order_by("-seq").limit(limit + 1))
    names = await _names({row["actor_id"] for row in rows})
    return {
        "looks": [_line(row, names) for row in rows[:limit]],
        "next": rows[limit - 1]["seq"] if len(rows) > limit else None,
    }


async def looks_as_csv(asked: Asked) -> str:
    """Every look, oldest first, for the person concerned: when, a person of which kind and organisation, which case.

    Nobody's name is in it: a volunteer who came to a door is not to be looked for afterwards.
    """
    rows = await _rows(_found(asked).order_by("seq"))
    units = await _units({row["actor_id"] for row in rows})
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(COLUMNS)
    for row in rows:
        organisation = units.get(row["actor_id"], "")
        lines.writerow((row["at"].isoformat(), row["actor_kind"], _unread(organisation), row["outreach_id"]))
    return written.getvalue()


def _found(asked: Asked) -> QuerySet[Event]:
    given = {
        "outreach__resident_id": asked.resident_id,
        "actor_id": asked.who,
        "at__gte": asked.frm,
        "at__lt": asked.to,
        "outreach__area__path__startswith": asked.area_path,
    }
    return Event.filter(kind=LOOK, **{name: value for name, value in given.items() if value is not None})


async def _rows(found: QuerySet[Event]) -> list[dict[str, Any]]:
    columns = ("seq", "at", "actor_kind", "actor_id", "outreach_id", "data")
    return [dict(row) for row in await found.values(*columns, resident_id="outreach__resident_id")]


def _line(row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "at": row["at"],
        "resident_id": row["resident_id"],
        "outreach_id": row["outreach_id"],
        "task_id": row["data"].get("task_id"),
        "who": {"kind": row["actor_kind"], "id": row["actor_id"], "name": names.get(row["actor_id"])},
    }


async def _names(ids: set[UUID]) -> dict[UUID, str]:
    people: list[Responder | Coordinator] = [*await Responder.filter(id__in=ids), *await Coordinator.filter(id__in=ids)]
    return {person.id: person.name for person in people}


async def _units(ids: set[UUID]) -> dict[UUID, str]:
    rows = await Responder.filter(id__in=ids, unit_id__not_isnull=True).values("id", name="unit__name")
    return {row["id"]: row["name"] for row in rows}


def _unread(text: str) -> str:
    """Text that a spreadsheet will not read as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
