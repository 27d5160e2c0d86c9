"""One line of the timeline: codes and ids, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from outreach.models import Event


@dataclass(frozen=True)
class Actor:
    """Who did it: `system`, `resident`, `responder`, `coordinator`, `source` or `contact`, and which one."""

    kind: str
    id: UUID | None = None


SYSTEM = Actor("system")
log = structlog.get_logger()


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
    await Event.create(
        outreach_id=outreach_id,
        target_id=target_id,
        kind=kind,
        at=at,
        recorded_at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        data=data,
    )
    log.info(kind, outreach_id=str(outreach_id), by=actor.kind)
