"""Categories as the registry shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.web.answers.base import Answer, Heeding

Lines = dict[str, list[str]]


class OutcomeListed(Answer):
    """What may be found, by language, and what follows from it; spans are a number and s, m, h or d."""

    code: str
    name: dict[str, str]
    reached: bool
    danger_off: bool
    ends: str
    follow_up: str | None
    again_after: str | None
    emergency: bool
    wrong_place: bool
    wrong_number: bool
    accurate: bool | None


class CategoryRecord(Heeding):
    """A kind of danger and what is said in it, each by language; `edited_at`: it was put right on the board."""

    id: UUID
    code: str
    family: str
    names: dict[str, str]
    outcomes: list[OutcomeListed]
    scripts: Lines
    say: Lines
    keep_back: Lines
    door: Lines
    edited_at: datetime | None
    version: str


class CategoriesListed(Answer):
    """All categories, by family."""

    categories: list[CategoryRecord]
