"""The cases behind a figure of the report, and what was learnt after a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models.states import EndState, Severity
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.cases import AreaNamed


class CaseBehind(Answer):
    """One target that a figure counts: ids, codes, and what the area and the category are called."""

    target_id: UUID
    outreach_id: UUID
    severity: Severity
    category: str
    category_name: dict[str, str]
    area: AreaNamed | None
    received_at: datetime
    reached_at: datetime | None
    reached_by: str | None
    ended_at: datetime | None
    end_state: EndState | None
    end_reason: str | None


class CasesBehind(Answer):
    """A page of them, newest first; `count` is of all pages, `next` the cursor of the following one.

    `of`: how many the figure is a part of: all judged, ended or convinced where its rate is one of those, else warned.
    """

    cases: list[CaseBehind]
    count: int
    of: int
    next: UUID | None


class AftermathKept(Heeding):
    """What is kept of one target now."""

    target_id: UUID
    defrauded: bool | None
    lost: int | None
    told_by: str | None
