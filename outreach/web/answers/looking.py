"""Who looked at whose personal data, and what happened just now: ids and codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.web.answers.base import Answer
from outreach.web.answers.warnings import ActorKind


class Onlooker(Answer):
    """Who looked."""

    kind: ActorKind
    id: UUID | None
    name: str | None


class Look(Answer):
    """One look at a resident's personal data, in a case; `task_id` where it was for a task."""

    seq: int
    at: datetime
    resident_id: UUID
    outreach_id: UUID
    task_id: UUID | None
    who: Onlooker


class Looks(Answer):
    """A page of looks, newest first; `next` is the cursor of the following one (None: this was the last)."""

    looks: list[Look]
    next: int | None
