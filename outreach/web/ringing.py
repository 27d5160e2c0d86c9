"""`POST /api/outreaches/{id}/contact`: what a coordinator's own call found, said now or once the line is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import outcomes
from outreach.errors import BadInput, FieldFault, UnknownOutcome
from outreach.models import DeskCall, Outreach
from outreach.models.fields import new_id
from outreach.models.states import Evidence
from outreach.outcomes import Contact
from outreach.outcomes.learnt import contact_of
from outreach.policy import OutcomeRule
from outreach.tasks.rules import outcomes_of
from outreach.web.answers import Standing
from outreach.web.asking import Ask
from outreach.web.cases import CASE, refuse_unseen, standing
from outreach.web.forms import Form, Moment
from outreach.web.table import DECIDING, Route

CLOCKS_APART = timedelta(seconds=10)
"""How far the clock of a desk may be from ours: its board knows our time to a few seconds."""


class ContactForm(Form):
    """What a call found: an outcome of the category, when, and with whom; no version is needed for a fact.

    `id` is made where the call was made: the same again is the same call, which is recorded once. `note`: what was
    said.
    """

    outcome: str
    id: UUID | None = None
    at: Moment | None = None
    who: Literal["resident", "trusted_contact"] = "resident"
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] | None = None


async def contact(ask: Ask) -> Response:
    """Record what a coordinator's call found, unless it was recorded already."""
    form = await ask.form(ContactForm)
    await refuse_unseen(ask)
    async with in_transaction():
        row = await Outreach.select_for_update(no_key=True).get(id=ask.id)
        found = _contact(form, await _rule(row, form), row, ask)
        row = await outcomes.record_call(_call(form, row, found.at, ask), await outcomes.policy_of(row), found, ask.now)
    ask.parts.wake()
    return standing(row, ask)


def _call(form: ContactForm, row: Outreach, at: datetime, ask: Ask) -> DeskCall:
    made: dict[str, Any] = {"outreach_id": row.id, "coordinator_id": ask.caller.id, "at": at}
    return DeskCall(id=form.id or new_id(), note=form.note or None, **made)


async def _rule(row: Outreach, form: ContactForm) -> OutcomeRule:
    rules = await outcomes_of(row)
    if form.outcome not in rules:
        raise UnknownOutcome(faults=(FieldFault("outcome", f"One of {', '.join(rules)}."),))
    return rules[form.outcome]


def _contact(form: ContactForm, rule: OutcomeRule, row: Outreach, ask: Ask) -> Contact:
    spoke = Evidence.PERSON_BY_PHONE if form.who == "resident" else Evidence.REPORTED_BY_CONTACT
    said: dict[str, object] = {"who": form.who}
    at = _at(form, row, ask.now)
    found = contact_of(rule, spoke, at=at, channel="call", role="coordinator", actor=ask.actor, detail=said)
    # That a relative's number is wrong says nothing about the resident's own.
    return found if form.who == "resident" else replace(found, wrong_number=False)


def _at(form: ContactForm, row: Outreach, now: datetime) -> datetime:
    at = form.at or now
    if not row.opened_at - CLOCKS_APART <= at <= now + CLOCKS_APART:
        raise BadInput(faults=(FieldFault("at", "must lie between the outreach's opening and now"),))
    return min(max(at, row.opened_at), now)


ROUTES = (
    Route(
        "POST",
        f"{CASE}/contact",
        contact,
        DECIDING,
        "How it stands after the call; a call that was recorded already changes nothing.",
        ContactForm,
        gives_version=True,
        shape=Standing,
        refuses=(UnknownOutcome,),
    ),
)
