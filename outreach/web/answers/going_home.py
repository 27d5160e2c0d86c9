"""One responder goes home: a preview, and what became of each line."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from outreach.models.states import Severity, TaskKind
from outreach.web.answers.base import Answer, Change, Heeding, Person


class Told(Answer):
    """One text that would be sent; `#…` stands for the number that it is given when it leaves."""

    responder_id: UUID
    name: str | None
    language: str
    words: str


class Choice(Answer):
    """Who may take it, when they would be there (None: not known), and what their taking it would tell to whom."""

    responder_id: UUID
    name: str | None
    load: int
    capacity: int
    reason: str
    distance_m: float | None
    arrives_at: datetime | None
    told: list[Told]


class LeavingLine(Answer):
    """One task: due at `deadline`; `keeps`: whoever goes home is at the door; `remedy` where nobody comes in time.

    `told`: what leaving it to the ladder would tell at once.
    """

    outreach_id: UUID
    version: int
    kind: TaskKind
    resident: str | None
    severity: Severity
    category_name: dict[str, str]
    area: str | None
    arrived_at: datetime | None
    deadline: datetime
    keeps: bool
    proposed: UUID | None
    late_s: float
    remedy: Literal["call", "area_above"] | None
    choices: list[Choice]
    told: list[Told]


class GoingHome(Answer):
    """Everything of one responder in the asker's area; `offers` are still open to them, and are asked on."""

    responder: Person
    now: datetime
    lines: list[LeavingLine]
    offers: int


class MovedLine(Answer):
    """What became of one line: not `done`, `code` names the refusal, and `changes` who was quicker."""

    outreach_id: UUID
    done: bool
    version: int | None
    code: str | None
    changes: list[Change]


class Moved(Heeding):
    """What became of each line, and how long what was moved can be taken back (null: no more)."""

    lines: list[MovedLine]
    undo_until: datetime | None
