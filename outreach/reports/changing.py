"""Who changed a case since somebody read it, as the conflict that they meet says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from outreach.models import Coordinator, Event, Responder

CHANGING = (
    *("taken", "handed_on", "paused", "resumed", "reopened", "ended", "restarted", "merged", "following_up"),
    *("reassigned", "released", "reassign_undone", "accepted", "unacknowledged", "contact", "no_contact"),
)
"""The lines that come with a new version, and name it."""
MOST = 10
PEOPLE = {"responder": "responder_id", "from_responder": "from_responder_id", "coordinator": "coordinator_id"}


async def changes_since(outreach_id: UUID, version: int, area_path: str | None) -> list[dict[str, Any]]:
    """What changed after this version, the last first: {at, kind, by, responder, from_responder, coordinator, reason}.

    Responders are named who are of the caller's area (`area_path` None: of any).
    """
    lines = await Event.filter(outreach_id=outreach_id, kind__in=CHANGING).order_by("-seq").limit(50)
    newer = [line for line in lines if _version(line) > version][:MOST]
    names = await names_of(_people(newer), area_path)
    return [_change(line, names) for line in newer]


async def names_of(ids: Iterable[UUID], area_path: str | None) -> dict[UUID, str]:
    """The names of the coordinators among these, and of the responders of this area (None: of any)."""
    wanted = list(ids)
    if not wanted:
        return {}
    responders = Responder.filter(id__in=wanted)
    mine = responders.filter(area__path__startswith=area_path) if area_path else responders
    people: list[Responder | Coordinator] = [*await mine, *await Coordinator.filter(id__in=wanted)]
    return {person.id: person.name for person in people}


def people_in(line: Event) -> set[UUID]:
    """Whom a line of the timeline speaks of: who did it, and the responders and coordinators in it."""
    named = {UUID(str(line.data[key])) for key in PEOPLE.values() if line.data.get(key)}
    return named | ({line.actor_id} if line.actor_id else set())


def _people(lines: Iterable[Event]) -> set[UUID]:
    return {each for line in lines for each in people_in(line)}


def _version(line: Event) -> int:
    version = line.data.get("version", 0)
    return version if isinstance(version, int) else 0


def _change(line: Event, names: dict[UUID, str]) -> dict[str, Any]:
    by = {"kind": line.actor_kind, **_person(line.actor_id, names)} if line.actor_id else {"kind": line.actor_kind}
    people = {name: _person(UUID(str(line.data[key])), names) for name, key in PEOPLE.items() if line.data.get(key)}
    codes = {name: line.data[name] for name in ("reason", "state", "outcome", "task_kind") if line.data.get(name)}
    return {"at": line.at.isoformat(), "kind": line.kind, "by": by, **people, **codes}


def _person(person_id: UUID | None, names: dict[UUID, str]) -> dict[str, Any]:
    return {"id": str(person_id), "name": names.get(person_id) if person_id else None}
