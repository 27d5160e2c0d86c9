"""On duty or not: until when, from when, and on which days away."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field, model_validator
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach.errors import BadInput, FieldFault
from outreach.models import Absence, Shift
from outreach.web.answers import DutySet
from outreach.web.asking import Ask
from outreach.web.forms import Form, Moment
from outreach.web.me import coming_absences, me_view, running, span_of, zone_of
from outreach.web.table import RESPONDER, Route

LONGEST_SWITCH = timedelta(hours=24)
"""A switch forgotten on does not last longer than this."""
FARTHEST_DAY = timedelta(days=366)


class DutyForm(Form):
    """On duty `until` a time, `from` another one or now; or `off`."""

    frm: Moment | None = Field(None, alias="from")
    until: Moment | None = None
    off: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> DutyForm:
        if (self.until is None) != self.off or (self.off and self.frm is not None):
            raise ValueError("give `until`, with `from` or without, or `off: true`")
        return self


class AwayForm(Form):
    """The days on which this responder is away, `2026-11-28`, from tomorrow on; those said before are forgotten."""

    days: list[date] = Field(max_length=100)


async def duty(ask: Ask) -> Response:
    """Go on duty until a time, now or later, or off duty now."""
    form = await ask.form(DutyForm)
    begins = form.frm or ask.now
    if form.frm is not None and not ask.now <= form.frm <= ask.now + LONGEST_SWITCH:
        raise BadInput(faults=(FieldFault("from", "must lie within the next 24 hours"),))
    if form.until is not None and not begins < form.until <= begins + LONGEST_SWITCH:
        raise BadInput(faults=(FieldFault("until", "must be later than now, by no more than 24 hours"),))
    async with in_transaction():
        await _end_what_runs(ask)
        if form.off:
            await _sit_out(ask)
        if form.until is not None:
            mine = ask.caller.id
            await Shift.create(origin="switch", responder_id=mine, starts_at=begins, ends_at=form.until)
    ask.parts.wake()
    return ask.answer(await me_view(ask))


async def away(ask: Ask) -> Response:
    """Say on which days to come this responder is away."""
    form = await ask.form(AwayForm)
    today = ask.now.astimezone(zone_of(ask)).date()
    if any(not today < day <= today + FARTHEST_DAY for day in form.days):
        raise BadInput(faults=(FieldFault("days", "must lie between tomorrow and a year from now"),))
    async with in_transaction():
        await coming_absences(ask).delete()
        for day in sorted(set(form.days)):
            begins, ends = span_of(day, ask)
            await Absence.create(responder_id=ask.caller.id, starts_at=begins, ends_at=ends)
    return ask.answer(await me_view(ask))


async def _end_what_runs(ask: Ask) -> None:
    """End the switch's shift and any absence."""
    switched = Shift.filter(responder_id=ask.caller.id, origin="switch", ends_at__gt=ask.now)
    await switched.filter(starts_at__gte=ask.now).delete()
    await switched.update(ends_at=ask.now)
    gone = Absence.filter(responder_id=ask.caller.id, starts_at__lte=ask.now, ends_at__gt=ask.now)
    await gone.filter(starts_at=ask.now).delete()
    await gone.update(ends_at=ask.now)


async def _sit_out(ask: Ask) -> None:
    """Be absent from a planned shift that runs now, until it ends."""
    planned = await running(ask).order_by("-ends_at").first()
    if planned is not None:
        await Absence.create(responder_id=ask.caller.id, starts_at=ask.now, ends_at=planned.ends_at)


ROUTES = (
    Route("PATCH", "/api/me/duty", duty, (RESPONDER,), "The responder, on or off duty.", DutyForm, shape=DutySet),
    Route("PUT", "/api/me/away", away, (RESPONDER,), "The responder, with the days away.", AwayForm, shape=DutySet),
)
