"""The hotline is told a case word: whose case it is, so many times an hour, each written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from tortoise.queryset import QuerySet

from outreach.access.trying import wait_s
from outreach.attempts.case_words import as_word, cases_of_word
from outreach.errors import TooManyTries
from outreach.models import Outreach, VisitCodeTry
from outreach.models.sealing import keyed_hash
from outreach.models.visiting import CodeAnswer
from outreach.outcomes import Actor, note_event

WAY = "word"
MOST_OF_ONE, MOST_ABOUT_ONE = 60, 10
"""Tries in an hour by one operator, and about one word."""
log = structlog.get_logger()


async def check_word(said: str, seen: QuerySet[Outreach], actor: Actor, now: datetime) -> list[UUID]:
    """The live outreaches with that word among those `seen` by whoever asks: one as a rule, else none.

    A look at a case stands in its timeline. Raises TooManyTries. Call it outside a transaction: the try is kept before
    it is counted.
    """
    one = await VisitCodeTry.create(
        way=WAY, caller_hash=keyed_hash(f"{WAY}:{actor.id}"), code_hash=keyed_hash(f"{WAY} {as_word(said)}"), at=now
    )
    wait = await wait_s(one, MOST_OF_ONE, MOST_ABOUT_ONE, now)
    if wait:
        await _answer(one, CodeAnswer.REFUSED)
        raise TooManyTries(wait)
    # A case elsewhere is answered like none: it is not said that there is one.
    found = [row.id for row in await seen.filter(id__in=await cases_of_word(said)).order_by("id")]
    await _answer(one, CodeAnswer.YES if found else CodeAnswer.NO)
    for outreach_id in found:
        await note_event(outreach_id, "case_word_checked", now, now, actor)
    return found


async def _answer(one: VisitCodeTry, said: CodeAnswer) -> None:
    await VisitCodeTry.filter(id=one.id).update(said=said)
    log.info("case_word_checked", said=said.value)
