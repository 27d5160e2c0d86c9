"""Who may be asked, and by what everybody else falls out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import Q

from outreach.assignment.wanting import Want
from outreach.geo import Point, haversine
from outreach.models import Absence, Offer, Responder, Shift, Task
from outreach.models.states import LIVE_TASK, OfferStatus, TaskKind, TaskStatus
from outreach.settings import Settings

COLUMNS = (
    *("id", "area_id", "role", "language", "languages", "trained", "vetted_until"),
    *("home_lat", "home_lon", "lat", "lon", "position_at", "cell", "capacity", "load"),
)
"""All that ranking reads: names and numbers stay sealed."""


class LeftOut(StrEnum):
    """Why somebody is not asked; they are tried in this order, and the first that holds is given."""

    NOT_ON_SHIFT = "not_on_shift"
    ABSENT = "absent"
    NOT_VETTED = "not_vetted"
    NOT_TRAINED = "not_trained"
    OTHER_ROLE = "other_role"
    OTHER_LANGUAGE = "other_language"
    AT_CAPACITY = "at_capacity"
    TOO_FAR = "too_far"
    ASKED_ALREADY = "asked_already"


class Shortage(StrEnum):
    """Why nobody can be asked: the last hurdle that anybody came up to."""

    NobodyOnShift = "NobodyOnShift"
    NobodyVetted = "NobodyVetted"
    NobodyTrained = "NobodyTrained"
    AllAtCapacity = "AllAtCapacity"
    NobodyWithin = "NobodyWithin"
    NobodyLeft = "NobodyLeft"


HURDLE = {
    LeftOut.NOT_ON_SHIFT: Shortage.NobodyOnShift,
    LeftOut.ABSENT: Shortage.NobodyOnShift,
    LeftOut.NOT_VETTED: Shortage.NobodyVetted,
    LeftOut.NOT_TRAINED: Shortage.NobodyTrained,
    LeftOut.OTHER_ROLE: Shortage.NobodyTrained,
    LeftOut.OTHER_LANGUAGE: Shortage.NobodyTrained,
    LeftOut.AT_CAPACITY: Shortage.AllAtCapacity,
    LeftOut.TOO_FAR: Shortage.NobodyWithin,
    LeftOut.ASKED_ALREADY: Shortage.NobodyLeft,
}


@dataclass(frozen=True)
class Facts:
    """What is true now of some responders, by id; `known` closed a task for this resident before."""

    on_shift: frozenset[UUID]
    absent: frozenset[UUID]
    asked: frozenset[UUID]
    known: frozenset[UUID]


async def facts_of(want: Want, now: datetime, ids: Iterable[UUID] | None = None, earlier: Facts | None = None) -> Facts:
    """The facts about these responders, or about all; what hangs on the outreach alone is taken over from `earlier`."""
    covering = Q(starts_at__lte=now, ends_at__gt=now)
    covering &= Q() if ids is None else Q(responder_id__in=list(ids))
    return Facts(
        on_shift=frozenset(await _ids(Shift.filter(covering))),
        absent=frozenset(await _ids(Absence.filter(covering))),
        asked=earlier.asked if earlier else frozenset(await _asked(want)),
        known=earlier.known if earlier else frozenset(await _ids(_closed_before(want))),
    )


async def _ids(rows: Any) -> list[UUID]:
    return cast(list[UUID], await rows.values_list("responder_id", flat=True))


async def _asked(want: Want) -> list[UUID]:
    offers = Offer.filter(outreach_id=want.outreach_id, kind=want.kind, responder_id__isnull=False)
    # One whose offer was withdrawn did not say no: somebody else was quicker, and may find nobody.
    said_no = [OfferStatus.DECLINED, OfferStatus.LAPSED, OfferStatus.UNDELIVERED]
    settled = Q(round=want.round, status__in=said_no)
    asked = await _ids(offers.filter(Q(status=OfferStatus.OFFERED) | settled))
    tasks = Task.filter(outreach_id=want.outreach_id, kind=want.kind)
    silent = Q(close_reason="unacknowledged", offer__round=want.round)
    return asked + await _ids(tasks.filter(silent | Q(status__in=LIVE_TASK)))


def _closed_before(want: Want) -> Any:
    theirs = Task.filter(outreach__resident_id=want.resident_id, status=TaskStatus.CLOSED)
    return theirs.filter(Q(close_reason__isnull=True) | ~Q(close_reason="unacknowledged"))


def left_out(responder: Responder, want: Want, facts: Facts, settings: Settings, now: datetime) -> LeftOut | None:
    """The first reason for which this responder is not asked; None for one who may be."""
    reasons = {
        LeftOut.NOT_ON_SHIFT: responder.id not in facts.on_shift,
        LeftOut.ABSENT: responder.id in facts.absent,
        LeftOut.NOT_VETTED: not vetted(responder, now),
        LeftOut.NOT_TRAINED: not trained(responder, want),
        LeftOut.OTHER_ROLE: bool(want.step.roles) and responder.role.value not in want.step.roles,
        LeftOut.OTHER_LANGUAGE: want.step.same_language and not speaks(responder, want.language),
        LeftOut.AT_CAPACITY: responder.load >= responder.capacity,
        LeftOut.TOO_FAR: _too_far(responder, want, settings, now),
        LeftOut.ASKED_ALREADY: responder.id in facts.asked,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def vetted(responder: Responder, now: datetime) -> bool:
    """Whether their vetting holds at `now`."""
    return responder.vetted_until is not None and responder.vetted_until > now


def trained(responder: Responder, want: Want) -> bool:
    """Whether they are trained for the category, or its whole family."""
    return bool({want.family, want.category} & set(responder.trained))


def fit_for(responder: Responder, want: Want, now: datetime) -> bool:
    """Whether a coordinator may give it to them: shift and distance are theirs to overrule, these two are not."""
    return vetted(responder, now) and trained(responder, want)


def whereabouts(responder: Responder, settings: Settings, now: datetime) -> Point:
    """Where they are taken to be: their position while it is fresh, else home."""
    fresh = timedelta(minutes=settings.position_fresh_min)
    if responder.lat is None or responder.lon is None or responder.position_at is None:
        return responder.home_lat, responder.home_lon
    if now - responder.position_at > fresh:
        return responder.home_lat, responder.home_lon
    return responder.lat, responder.lon


def distance_of(responder: Responder, want: Want, settings: Settings, now: datetime) -> float | None:
    """Metres of great circle to the resident; None where their place is not known."""
    return None if want.point is None else haversine(whereabouts(responder, settings, now), want.point)


def speaks(responder: Responder, language: str | None) -> bool:
    """Whether they speak this language; any where none is known."""
    return language is None or language in {responder.language, *responder.languages}


def _too_far(responder: Responder, want: Want, settings: Settings, now: datetime) -> bool:
    # A call can be made from anywhere.
    distance = distance_of(responder, want, settings, now)
    return want.kind is TaskKind.VISIT and distance is not None and distance > settings.search_radius_m
