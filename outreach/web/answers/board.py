"""The board: cases that run, who is on duty, areas, and where nobody will be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from outreach.models.states import AreaKind, EndState, OutreachStatus, ResponderRole, Severity
from outreach.web.answers.base import Answer
from outreach.web.answers.cases import AreaNamed

Point = tuple[float, float]
"""Latitude and longitude, WGS-84."""


class PersonNamed(Answer):
    """A coordinator or responder."""

    id: UUID
    name: str


class ResidentNamed(Answer):
    """A resident; `name` is null where none is known."""

    id: UUID
    name: str | None
    language: str | None


class Doing(Answer):
    """What is going on: `do` is a step's kind, `said` how far that is or why it failed, `at` since when."""

    do: str
    said: str
    at: datetime | None


class Having(Answer):
    """Who has it: `state` is arrived, accepted, asked, nobody or system; `count` who are asked, or who declined."""

    state: str
    responder: PersonNamed | None
    count: int
    arrives_at: datetime | None
    distance_m: float | None


class Coming(Answer):
    """What comes next, and when at the latest (null: when somebody decides)."""

    do: str
    at: datetime | None


class CaseRow(Answer):
    """One line of the queue; `call` says why somebody should ring now, as a code."""

    id: UUID
    version: int
    severity: Severity
    category: str
    category_name: dict[str, str]
    exercise: bool
    source: str | None
    warnings: int
    resident: ResidentNamed
    vulnerabilities: list[str]
    area: AreaNamed | None
    point: Point | None
    opened_at: datetime
    status: OutreachStatus
    paused_at: datetime | None
    contacted_at: datetime | None
    reached_at: datetime | None
    taken_by: PersonNamed | None
    now: Doing
    who: Having
    next: Coming
    call: str | None


class Cases(Answer):
    """Lines of the queue."""

    cases: list[CaseRow]


class EndedRow(Answer):
    """A case that ended, how and why; `reached_at` is null where nobody reached them."""

    id: UUID
    severity: Severity
    category: str
    category_name: dict[str, str]
    exercise: bool
    resident: ResidentNamed
    area: AreaNamed | None
    opened_at: datetime
    reached_at: datetime | None
    ended_at: datetime
    end_state: EndState
    end_reason: str | None


class EndedCases(Answer):
    """Cases that ended in the last 24 h, the last first."""

    cases: list[EndedRow]


class Word(Answer):
    """A word on the board, of a case or of none; `point` is where `responder` was, `data` codes and figures."""

    id: UUID
    kind: str
    at: datetime
    outreach_id: UUID | None
    resident: str | None
    area: str | None
    responder: str | None
    point: Point | None
    data: dict[str, Any]


class Words(Answer):
    """What stands on the board, the newest first."""

    words: list[Word]


class Staff(Answer):
    """A responder on duty `until` then (null: not on duty), or who still holds tasks; `away`: they are absent."""

    id: UUID
    name: str
    role: ResponderRole
    area: str
    point: Point | None
    position_at: datetime | None
    load: int
    capacity: int
    holds: int
    away: bool
    until: datetime | None


class AreaDrawn(Answer):
    """An area with its boundary (GeoJSON) and its middle, where these are known."""

    path: str
    code: str
    name: str
    kind: AreaKind
    boundary: dict[str, Any] | None
    point: Point | None


class Gap(Answer):
    """A grid for which nobody is on duty, from then on."""

    path: str
    name: str
    frm: datetime = Field(alias="from")


class Today(Answer):
    """Targets of the last 24 h: warned of, of these reached, ended unreached, ended otherwise; and the last warning."""

    warned: int
    reached: int
    unreached: int
    otherwise: int
    last_at: datetime | None


class WhoStands(Answer):
    """Of those on duty the ones in whom something changed and the ones gone, and gaps (null: as they were).

    `whole`: these are all there are.
    """

    whole: bool
    staff: list[Staff]
    gone: list[UUID]
    gaps: list[Gap] | None


class Board(Cases):
    """The whole board; `target_s` is the time in seconds within which a person is to be reached."""

    now: datetime
    target_s: float
    staff: list[Staff]
    areas: list[AreaDrawn]
    gaps: list[Gap]
    today: Today
