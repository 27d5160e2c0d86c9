"""Is this visitor one of yours? Asked by whoever rings the official line, and by the hotline on somebody's behalf."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from outreach import tasks
from outreach.errors import TooManyTries
from outreach.registry.phones import phone_of
from outreach.web.answers import VisitorChecked
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.table import DECIDING, HOTLINE, Called, Route


class VisitCodeForm(Form):
    """The six digits that the visitor shows; `caller` is the number of whoever asks, by which their case is found."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    caller: Annotated[str, Field(max_length=40)] | None = None


async def official_line(ask: Ask) -> Response:
    """The official line is rung, or a caller has keyed or said the code that their visitor shows."""
    return ask.speak(await tasks.official_line(await ask.call(), ask.provider.numbers, ask.parts.settings, ask.now))


async def check(ask: Ask) -> Response:
    """Whether a visitor of ours shows this code: yes or no, and the organisation."""
    form, settings = await ask.form(VisitCodeForm), ask.parts.settings
    number = phone_of(form.caller, settings.country, "caller").e164 if form.caller else ""
    # The operator is who is counted: somebody shut out at the line must still be helped by a person.
    asking = tasks.Asking("api", str(ask.caller.id), number)
    found = await tasks.check_visitor(form.code, asking, settings.service_name, ask.now)
    return ask.answer({"valid": found is not None, "organisation": found})


CALLED = (Called("voice", official_line, "What the line says."),)
ROUTES = (
    Route(
        "POST",
        "/api/visit-codes/check",
        check,
        (*DECIDING, HOTLINE),
        "Yes or no, and the organisation.",
        VisitCodeForm,
        shape=VisitorChecked,
        refuses=(TooManyTries,),
    ),
)
