"""Two residents side by side, and what became of the two."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from outreach.models.states import OutreachStatus, Severity
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.registry import ResidentRecord


class CaseBeside(Answer):
    """A live case of one of the two. `then`: it goes on and the other joins it, it joins the other, or it stays alone.

    `on_the_way` are the names of those who hold a task of it.
    """

    id: UUID
    resident_id: UUID
    family: str
    severity: Severity
    status: OutreachStatus
    on_the_way: list[str]
    then: Literal["stays", "joins", "alone"]


class SideBySide(Answer):
    """Two residents who may be one person; `proposed` says that they were found to be alike.

    `version` is what the `ETag` says.
    """

    one: ResidentRecord
    other: ResidentRecord
    cases: list[CaseBeside]
    proposed: bool
    version: str


class Merged(Heeding):
    """Who is kept, and the live cases in which two became one."""

    resident_id: UUID
    outreach_ids: list[UUID]


class Parted(Heeding):
    """They are two: nobody is asked about them again."""

    parted: Literal[True]
