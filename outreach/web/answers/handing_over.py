"""Coordinators among themselves."""

from __future__ import annotations

from uuid import UUID

from outreach.models.states import TokenKind
from outreach.web.answers.base import Answer, Heeding


class Colleague(Answer):
    """Who decides on cases, in which area (None: the whole city), and how many of those the asker sees they have."""

    id: UUID
    name: str
    role: TokenKind
    area: str | None
    cases: int


class CategoryNamed(Answer):
    """A kind of danger, its name by language."""

    code: str
    name: dict[str, str]


class Desk(Answer):
    """Who asks, whom they may hand a case on to, and what kinds of danger they may warn of."""

    me: UUID
    colleagues: list[Colleague]
    categories: list[CategoryNamed]


class HandedOn(Heeding):
    """The cases handed on, and those kept: taken by another meanwhile, ended, or of an area that is not the other's."""

    handed_on: list[UUID]
    kept: list[UUID]
