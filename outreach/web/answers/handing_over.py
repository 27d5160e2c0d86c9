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


class Desk(Answer):
    """Who asks, and whom they may hand a case on to."""

    me: UUID
    colleagues: list[Colleague]


class HandedOn(Heeding):
    """The cases handed on, and those kept: taken by another meanwhile, ended, or of an area that is not the other's."""

    handed_on: list[UUID]
    kept: list[UUID]
