"""Somebody asks whether a visitor is ours: yes or no and the organisation, so many times an hour, each written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import structlog
from tortoise.transactions import in_transaction

from outreach.access.trying import wait_s
from outreach.errors import TooManyTries
from outreach.models import Outreach, Phone, VisitCode, VisitCodeTry
from outreach.models.sealing import keyed_hash
from outreach.models.states import LIVE_OUTREACH, LIVE_TASK
from outreach.models.visiting import CodeAnswer
from outreach.outcomes import note_event, tell_board
from outreach.tasks.visit_codes import LASTS, hash_of

WRONG = "visit_code_wrong"
MOST_OF_ONE = {"line": 5, "api": 60}
"""Tries in an hour from one number at the line, and by one operator."""
MOST_ABOUT_ONE = 10
"""Tries in an hour about one code, right or wrong: no visitor of ours shows theirs at so many doors."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Asking:
    """Who asks about a code: `by` what they are counted under, and the resident's `number` (E.164) where it is known.

    Numbers that are withheld count as one: they are put through to people sooner.
    """

    way: Literal["line", "api"]
    by: str
    number: str = ""


@dataclass(frozen=True)
class _Visit:
    """The last visit that a code was given to; `live`: its holder may show that code now."""

    outreach_id: UUID
    unit: str | None
    live: bool


async def check_visitor(code: str, asking: Asking, service: str, now: datetime) -> str | None:
    """The organisation whose visitor shows this code (`service` where they have no unit), None where none of ours does.

    A wrong code is put on the board, with the case where it can be told. Raises TooManyTries. Call it outside a
    transaction: the try is kept before it is counted, so that many at once cannot each be the first.
    """
    one = await VisitCodeTry.create(
        way=asking.way, caller_hash=keyed_hash(f"{asking.way}:{asking.by}"), code_hash=hash_of(code), at=now
    )
    wait = await wait_s(one, MOST_OF_ONE[asking.way], MOST_ABOUT_ONE, now)
    if wait:
        await _answer(one, CodeAnswer.REFUSED)
        raise TooManyTries(wait)
    # The same questions whatever the code is, so that how long it takes says nothing.
    waiting, visit = await _cases_of(asking.number), await _visit_of(one.code_hash, now)
    if visit is not None and visit.live and (not waiting or visit.outreach_id in waiting):
        await _answer(one, CodeAnswer.YES)
        return visit.unit or service
    about = waiting[0] if waiting else visit.outreach_id if visit is not None else None
    await _tell_of_a_wrong_one(one, about, now)
    return None


async def _cases_of(number: str) -> list[UUID]:
    """The live cases of whoever is known under this number, the newest first."""
    known = Phone.filter(number_hash=keyed_hash(number), wrong_at__isnull=True)
    residents = cast(list[Any], await known.values_list("resident_id", flat=True))
    live = Outreach.filter(resident_id__in=residents, status__in=LIVE_OUTREACH).order_by("-opened_at")
    return cast(list[Any], await live.values_list("id", flat=True))


async def _visit_of(code_hash: str, now: datetime) -> _Visit | None:
    # One that is over for longer than a code lasts was about another visitor.
    given = VisitCode.filter(code_hash=code_hash, expires_at__gt=now - LASTS).order_by("-made_at")
    row = await given.first().values(
        "ended_at", "expires_at", "task__status", "task__outreach_id", "task__responder__unit__name"
    )
    if row is None:
        return None
    live = row["ended_at"] is None and row["expires_at"] > now and row["task__status"] in LIVE_TASK
    return _Visit(row["task__outreach_id"], row["task__responder__unit__name"], live)


async def _answer(one: VisitCodeTry, said: CodeAnswer) -> None:
    await VisitCodeTry.filter(id=one.id).update(said=said)
    log.info("visit_code_checked", said=said.value, way=one.way)


async def _tell_of_a_wrong_one(one: VisitCodeTry, outreach_id: UUID | None, now: datetime) -> None:
    async with in_transaction():
        await _answer(one, CodeAnswer.NO)
        await tell_board(WRONG, outreach_id, now, way=one.way)
        if outreach_id is not None:
            await note_event(outreach_id, WRONG, now, now, way=one.way)
