"""Whom a coordinator may give a case to."""

from __future__ import annotations

from uuid import UUID

from outreach.assignment.sieving import LeftOut, Shortage
from outreach.models.states import ResponderRole
from outreach.web.answers.base import Answer


class CandidateShown(Answer):
    """Somebody considered, metres and seconds away (None: not known); no name outside the coordinator's own area.

    `speaks`: whether the resident's language is among theirs (None: it is not known). `givable`: whether a coordinator
    may give it to them, though they were left out.
    """

    responder_id: UUID
    name: str | None
    role: ResponderRole
    area: str
    languages: list[str]
    speaks: bool | None
    load: int
    capacity: int
    distance_m: float | None
    travel_s: float | None
    reason: str
    left_out: LeftOut | None
    givable: bool


class Candidates(Answer):
    """Who may be asked, best first, then who was left out; `shortage` names why nobody can be asked."""

    candidates: list[CandidateShown]
    shortage: Shortage | None
