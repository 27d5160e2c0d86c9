"""Whose case is this word of? Asked by whoever answers the hotline, when a trusted contact quotes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.responses import Response
from tortoise.queryset import QuerySet

from outreach import attempts
from outreach.errors import TooManyTries
from outreach.models import Outreach
from outreach.outcomes import Actor
from outreach.web.answers import CaseWordChecked
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.table import DECIDING, HOTLINE, Route


class CaseWordForm(Form):
    """The word as the caller said it: five letters and digits in turn, such as `K7M4T`."""

    word: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


async def check(ask: Ask) -> Response:
    """Whose case a word is of, where it lies in the area of whoever asks."""
    form = await ask.form(CaseWordForm)
    # Whoever answers the hotline is a coordinator of the same table, with less to see.
    found = await attempts.check_word(form.word, _within(ask), Actor("coordinator", ask.caller.id), ask.now)
    return ask.answer({"outreach_ids": found})


def _within(ask: Ask) -> QuerySet[Outreach]:
    path = ask.caller.area_path
    return Outreach.filter(area__path__startswith=path) if path else Outreach.all()


ROUTES = (
    Route(
        "POST",
        "/api/case-words/check",
        check,
        (*DECIDING, HOTLINE),
        "The outreaches with that word in the asker's area: one, or none.",
        CaseWordForm,
        shape=CaseWordChecked,
        refuses=(TooManyTries,),
    ),
)
