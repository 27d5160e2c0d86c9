"""One line of the timeline: codes and ids, never a name."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import structlog

from outreach.models.together import Insert


@dataclass(frozen=True)
class Actor:
    """Who did it: `system`, `resident`, `responder`, `coordinator`, `source` or `contact`, and which one."""

    kind: str
    id: UUID | None = None


SYSTEM = Actor("system")
log = structlog.get_logger()


@dataclass(frozen=True)
class Line:
    """One line to be written: that `kind` happened `at`; `data` holds codes, ids and figures only."""

    outreach_id: UUID
    kind: str
    at: datetime
    actor: Actor = SYSTEM
    target_id: UUID | None = None
    data: dict[str, object] = field(default_factory=dict)


EVENTS = Insert("event", ("outreach_id", "target_id", "kind", "at", "recorded_at", "actor_kind", "actor_id", "data"))


async def note_event(
    outreach_id: UUID,
    kind: str,
    at: datetime,
    now: datetime,
    actor: Actor = SYSTEM,
    target_id: UUID | None = None,
    **data: object,
) -> None:
    """Write that `kind` happened `at`; `data` holds codes, ids and figures only."""
    await note_events(now, Line(outreach_id, kind, at, actor, target_id, data))


async def note_events(now: datetime, *lines: Line) -> None:
    """Write several lines, in their order."""
    await EVENTS.write([_values(line, now) for line in lines])
    for line in lines:
        log.info(line.kind, outreach_id=str(line.outreach_id), by=line.actor.kind)


def _values(line: Line, now: datetime) -> tuple[object, ...]:
    moments = line.at.astimezone(UTC), now.astimezone(UTC)
    actor, data = (line.actor.kind, line.actor.id), json.dumps(line.data, ensure_ascii=False)
    return (line.outreach_id, line.target_id, line.kind, *moments, *actor, data)
