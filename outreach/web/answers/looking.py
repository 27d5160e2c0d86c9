"""Who looked at whose personal data, and what happened just now: ids and codes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from outreach.web.answers.base import Answer
from outreach.web.answers.warnings import ActorKind


class Onlooker(Answer):
    """Who looked."""

    kind: ActorKind
    id: UUID | None
    name: str | None


class Look(Answer):
    """One look at personal data (`way`): at the numbers of a case, a search, one record, or the names on the board.

    `people` are whose data was shown; `task_id` where it was for a task.
    """

    id: UUID | None
    seq: int | None
    way: Literal["case", "search", "record", "board"]
    at: datetime
    people: list[UUID]
    resident_id: UUID | None
    outreach_id: UUID | None
    task_id: UUID | None
    who: Onlooker


class Looks(Answer):
    """A page of looks, newest first; `next` is the cursor of the following one (None: this was the last)."""

    looks: list[Look]
    next: str | None


class Happened(Answer):
    """One line of a case's timeline, by which to read the case; nobody's data is in it."""

    seq: int
    outreach_id: UUID
    kind: str
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None


class Happenings(Answer):
    """What happened since a line, oldest first; ask next with `after`. `reset`: too much, read everything anew."""

    events: list[Happened]
    after: int
    reset: bool


class Held(Answer):
    """What is offered to a responder and held by them now, by ids."""

    offers: list[UUID]
    tasks: list[UUID]
