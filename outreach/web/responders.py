"""What a responder's phone asks: who am I, on duty or not, where, what is offered, what do I hold."""

from __future__ import annotations

from pydantic import Field
from starlette.responses import Response

from outreach import tasks
from outreach.errors import AlreadyTaken, AtCapacity, NotEligible, OfferOver
from outreach.geo import cell_of
from outreach.models import Responder
from outreach.web.answers import DeclinedOffer, HeldTask, Me, OfferSeen, OpenOffers, PositionTaken, Tasks
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.me import me_view
from outreach.web.table import RESPONDER, Route
from outreach.web.views import offer_view, task_view


class PositionForm(Form):
    """Where the phone is (WGS-84)."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class DeclineForm(Form):
    """Why not; a code such as `too_far`, anything else counts as `other`."""

    reason: str = Field("other", max_length=200)


async def me(ask: Ask) -> Response:
    """Who this phone belongs to."""
    return ask.answer(await me_view(ask))


async def position(ask: Ask) -> Response:
    """The phone says where it is."""
    form = await ask.form(PositionForm)
    where = {"lat": form.lat, "lon": form.lon, "cell": cell_of(form.lat, form.lon)}
    await Responder.filter(id=ask.caller.id).update(position_at=ask.now, **where)
    return ask.answer({"position_at": ask.now})


async def my_offers(ask: Ask) -> Response:
    """The offers this responder may still take; no personal data in them."""
    found = await tasks.open_offers(ask.caller.id, ask.now)
    return ask.answer({"offers": [await offer_view(offer) for offer in found]})


async def my_tasks(ask: Ask) -> Response:
    """The tasks this responder holds, with the contact details they need; each look is noted."""
    return ask.answer({"tasks": [await task_view(task, ask) for task in await tasks.live_tasks(ask.caller.id)]})


async def my_task(ask: Ask) -> Response:
    """A task that this responder holds or held; once it is over, how it ended, and no contact details."""
    return ask.answer(await task_view(await tasks.own_task(ask.id, ask.caller.id), ask))


async def seen(ask: Ask) -> Response:
    """The phone has shown an offer."""
    return ask.answer({"id": ask.id, "seen_at": await tasks.seen(ask.id, ask.caller.id, ask.now)})


async def accept(ask: Ask) -> Response:
    """Take the task of an offer."""
    task = await tasks.accept(ask.id, ask.caller.id, ask.now)
    ask.parts.wake()
    await task.fetch_related("outreach__category", "outreach__area")
    return ask.answer(await task_view(task, ask))


async def decline(ask: Ask) -> Response:
    """Say no to an offer; the next is asked at once."""
    form = await ask.form(DeclineForm)
    offer = await tasks.decline(ask.id, ask.caller.id, form.reason, ask.now)
    ask.parts.wake()
    await offer.fetch_related("outreach__category", "outreach__area")
    return ask.answer(await offer_view(offer))


_mine = (RESPONDER,)
_why_not = (OfferOver, AlreadyTaken, AtCapacity, NotEligible)
ROUTES = (
    Route("GET", "/api/me", me, _mine, "The responder whose token this is.", shape=Me),
    Route(
        "POST",
        "/api/me/position",
        position,
        _mine,
        "When the position was taken in.",
        PositionForm,
        shape=PositionTaken,
    ),
    Route("GET", "/api/me/offers", my_offers, _mine, "The offers still open to this responder.", shape=OpenOffers),
    Route(
        "GET",
        "/api/me/tasks",
        my_tasks,
        _mine,
        "The tasks held now, with the contact details they need.",
        shape=Tasks,
    ),
    Route("GET", "/api/tasks/{id}", my_task, _mine, "The task, and how it ended.", shape=HeldTask),
    Route("POST", "/api/offers/{id}/seen", seen, _mine, "When the offer was first seen.", shape=OfferSeen),
    Route(
        "POST",
        "/api/offers/{id}/accept",
        accept,
        _mine,
        "The task taken, with its contact details.",
        shape=HeldTask,
        refuses=_why_not,
    ),
    Route(
        "POST",
        "/api/offers/{id}/decline",
        decline,
        _mine,
        "The offer declined.",
        DeclineForm,
        shape=DeclinedOffer,
        refuses=(OfferOver,),
    ),
)
