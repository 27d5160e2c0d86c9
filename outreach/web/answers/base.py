"""What all answers share, and the shapes that belong to no one room."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from outreach.reports import Group
from outreach.reports.keeping_up import Behind

Scalar = str | int | float | bool | None
Data = dict[str, Scalar]
"""What a line of a timeline or feed says besides: codes, ids and figures by name."""


class Answer(BaseModel):
    """The JSON of one answer: the fields named here and no others."""

    model_config = ConfigDict(extra="forbid")


class Heeding(Answer):
    """An answer to a form; `ignored` are the JSON paths of the fields sent that the form does not know."""

    ignored: list[str] = []


class Fault(Answer):
    """One field that was refused: its JSON path and the reason in words."""

    field: str
    reason: str


class Person(Answer):
    """A responder or coordinator; no name where they are of another area than whoever asks."""

    id: UUID
    name: str | None


class Actor(Answer):
    """Who did it: of which kind, and which one."""

    kind: str
    id: UUID | None = None
    name: str | None = None


class Change(Answer):
    """What somebody changed: a line of the timeline by its kind, from whom to whom, and why."""

    at: datetime
    kind: str
    by: Actor
    responder: Person | None = None
    from_responder: Person | None = None
    coordinator: Person | None = None
    reason: str | None = None
    state: str | None = None
    outcome: str | None = None
    task_kind: str | None = None


class Problem(Answer):
    """A refusal (RFC 9457); `type` is the name to match on, `urn:outreach:` and the name of the rule.

    With StaleVersion, `changes` is what came since the version that was read, the last first, where that is kept; with
    MergedAlready, who merged them and when.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []
    tries_left: int | None = None
    changes: list[Change] = []


class BrokenProblem(Problem):
    """A failure of ours; `request_id` is the one of its line in the log."""

    request_id: str | None = None


class Alive(Answer):
    """This process answers."""

    status: Literal["alive"]


class Ready(Answer):
    """This process can do its work; `behind` counts what is late, and since how many seconds."""

    status: Literal["ready"]
    behind: Behind


class NotReady(Answer):
    """Why this process cannot do its work."""

    status: Literal["not set up", "no database"]
    behind: Behind | None = None


class TimeToReach(Answer):
    """The report: figures of all targets warned of from `from` until before `to`, as known at `now`, and by group.

    In all `counts`, `warned` = `reached` + `ended_unreached` + `ended_otherwise` + `still_open`.
    """

    frm: datetime = Field(alias="from")
    to: datetime
    now: datetime
    clock: str
    by: str | None
    area_path: str | None
    source_id: UUID | None
    total: Group
    groups: list[Group]
