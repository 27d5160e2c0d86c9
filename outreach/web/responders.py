"""What a responder's phone asks: who am I, on duty or not, where, what is offered, what do I hold."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, model_validator
from starlette.responses import Response
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from outreach import tasks
from outreach.errors import AlreadyTaken, AtCapacity, BadInput, FieldFault, NotEligible, OfferOver
from outreach.geo import cell_of
from outreach.models import Absence, Responder, Shift
from outreach.web.answers import DeclinedOffer, DutySet, HeldTask, Me, OpenOffers, PositionTaken, Tasks
from outreach.web.asking import Ask
from outreach.web.forms import Form, Moment
from outreach.web.table import RESPONDER, Route
from outreach.web.views import offer_view, task_view

LONGEST_SWITCH = timedelta(hours=24)
"""A switch forgotten on does not last longer than this."""


class DutyForm(Form):
    """On duty `until` a time, or `off`."""

    until: Moment | None = None
    off: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> DutyForm:
        if (self.until is None) != self.off:
            raise ValueError("give `until`, or `off: true`")
        return self


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


async def duty(ask: Ask) -> Response:
    """Go on duty until a time, or off duty now."""
    form = await ask.form(DutyForm)
    if form.until is not None and not ask.now < form.until <= ask.now + LONGEST_SWITCH:
        raise BadInput(faults=(FieldFault("until", "must be later than now, by no more than 24 hours"),))
    async with in_transaction():
        await _end_what_runs(ask)
        if form.off:
            await _sit_out(ask)
        if form.until is not None:
            mine = ask.caller.id
            await Shift.create(origin="switch", responder_id=mine, starts_at=ask.now, ends_at=form.until)
    ask.parts.wake()
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
    return ask.answer({"offers": [offer_view(offer) for offer in found]})


async def my_tasks(ask: Ask) -> Response:
    """The tasks this responder holds, with the contact details they need; each look is noted."""
    return ask.answer({"tasks": [await task_view(task, ask) for task in await tasks.live_tasks(ask.caller.id)]})


async def accept(ask: Ask) -> Response:
    """Take the task of an offer."""
    task = await tasks.accept(ask.id, ask.caller.id, ask.now)
    ask.parts.wake()
    await task.fetch_related("outreach__category")
    return ask.answer(await task_view(task, ask))


async def decline(ask: Ask) -> Response:
    """Say no to an offer; the next is asked at once."""
    form = await ask.form(DeclineForm)
    offer = await tasks.decline(ask.id, ask.caller.id, form.reason, ask.now)
    ask.parts.wake()
    await offer.fetch_related("outreach__category")
    return ask.answer(offer_view(offer))


async def _end_what_runs(ask: Ask) -> None:
    """End the switch's shift and any absence."""
    switched = Shift.filter(responder_id=ask.caller.id, origin="switch", ends_at__gt=ask.now)
    await switched.filter(starts_at__gte=ask.now).delete()
    await switched.update(ends_at=ask.now)
    away = Absence.filter(responder_id=ask.caller.id, starts_at__lte=ask.now, ends_at__gt=ask.now)
    await away.filter(starts_at=ask.now).delete()
    await away.update(ends_at=ask.now)


async def _sit_out(ask: Ask) -> None:
    """Be absent from a planned shift that runs now, until it ends."""
    planned = await _running(ask).order_by("-ends_at").first()
    if planned is not None:
        await Absence.create(responder_id=ask.caller.id, starts_at=ask.now, ends_at=planned.ends_at)


def _running(ask: Ask) -> QuerySet[Shift]:
    return Shift.filter(responder_id=ask.caller.id, starts_at__lte=ask.now, ends_at__gt=ask.now)


async def me_view(ask: Ask) -> dict[str, object]:
    """The responder who asks, as their phone shows them."""
    responder = await Responder.get(id=ask.caller.id).select_related("area")
    shift = await _running(ask).order_by("-ends_at").first()
    away = Absence.filter(responder_id=responder.id, starts_at__lte=ask.now, ends_at__gt=ask.now)
    until = shift.ends_at if shift is not None and not await away.exists() else None
    return {
        "id": responder.id,
        "name": responder.name,
        "role": responder.role.value,
        "language": responder.language,
        "languages": responder.languages,
        "trained": responder.trained,
        "vetted_until": responder.vetted_until,
        "area": responder.area.path,
        "capacity": responder.capacity,
        "load": responder.load,
        "position_at": responder.position_at,
        "on_duty_until": until,
    }


_mine = (RESPONDER,)
_why_not = (OfferOver, AlreadyTaken, AtCapacity, NotEligible)
ROUTES = (
    Route("GET", "/api/me", me, _mine, "The responder whose token this is.", shape=Me),
    Route("PATCH", "/api/me/duty", duty, _mine, "The responder, on or off duty.", DutyForm, shape=DutySet),
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
