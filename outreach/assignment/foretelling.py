"""What a move would tell, before anybody makes it: the words that the move itself sends, from where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.assignment.reassigning import offer_of_move
from outreach.assignment.telling import words_of_move
from outreach.assignment.wanting import want_of
from outreach.models import Notice, Offer, Responder, Task
from outreach.models.states import Severity
from outreach.notices.wording import About, area_name, language_of, words_of
from outreach.outcomes import policy_of
from outreach.settings import Settings
from outreach.tasks import step_for

NO_NUMBER_YET = "…"
"""Each text bears a number of its own, which it is given when it is queued."""


@dataclass(frozen=True)
class Foretold:
    """One text: to whom, in which language, and its words."""

    responder_id: UUID
    language: str
    words: str


async def foretell(
    task: Task, takers: Sequence[UUID], settings: Settings, now: datetime
) -> dict[UUID | None, tuple[Foretold, ...]]:
    """The texts that giving `task` to each of `takers` would send, by taker; under None: giving it to nobody.

    The task comes with its outreach.
    """
    outreach, policy = task.outreach, await policy_of(task.outreach)
    want = await want_of(outreach, step_for(policy, task.kind.value, outreach.step))
    held = await Offer.get(id=task.offer_id).prefetch_related("responder")
    area, urgent = await area_name(outreach.area_id), outreach.severity is Severity.HIGH

    def told(taker: Responder | None) -> tuple[Foretold, ...]:
        given = offer_of_move(outreach, taker, want, policy, settings, now) if taker else None
        people = ((held.responder, held), (taker, given))
        about = {to.id: About(to, offer, area, NO_NUMBER_YET) for to, offer in people if to}
        rows = words_of_move(held, given, now, urgent=urgent)
        return tuple(_foretold(row, about[row.responder_id], settings) for row in rows if row.responder_id)

    rows = await Responder.filter(id__in=list(takers)) if takers else []
    return {None: told(None)} | {row.id: told(row) for row in rows}


def _foretold(row: Notice, about: About, settings: Settings) -> Foretold:
    return Foretold(about.to.id, language_of(about.to, settings), words_of(row, about, settings))
