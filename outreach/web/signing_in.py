"""How a responder's phone gets in: a code by text, or an invitation by a coordinator."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from starlette.responses import Response

from outreach import access
from outreach.errors import NotFound, NotFromTheApp, TooManyTries, WrongCode
from outreach.models import Responder
from outreach.registry.phones import phone_of
from outreach.web.answers import CodeAsked, InviteMade, Served, SessionStarted
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.knowing import address_of, give_cookie, refuse_other_sites
from outreach.web.me import me_view
from outreach.web.sessions import service_view
from outreach.web.table import DECIDING, Route


class WhoForm(Form):
    """Who wants in: by their own number, or by the code of an invitation."""

    phone: Annotated[str, Field(max_length=40)] | None = None
    invite: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> WhoForm:
        if (self.phone is None) == (self.invite is None):
            raise ValueError("give `phone` or `invite`")
        return self


class SignInForm(WhoForm):
    """Who wants in, with the six digits that came to their phone."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


async def send_code(ask: Ask) -> Response:
    """Send a code to this responder's phone; the answer is the same where there is no such responder."""
    form = await ask.form(WhoForm)
    await access.ask_for_code(await _whom(form, ask), address_of(ask.request), ask.now)
    ask.parts.wake()
    return ask.answer({"sent": True}, 202)


async def sign_in(ask: Ask) -> Response:
    """Begin a session with a code that was sent; its cookie comes with the answer."""
    form = await ask.form(SignInForm)
    refuse_other_sites(ask)
    token = await access.sign_in(await _whom(form, ask), form.code, address_of(ask.request), ask.now)
    ask.asker, ask.session = await access.session_caller(token, ask.now), token
    answer = ask.answer({"responder": await me_view(ask), "csrf": access.csrf_of(token)}, 201)
    give_cookie(ask, answer, token)
    return answer


async def service(ask: Ask) -> Response:
    """What the service is called, the line to ring, and the languages it speaks."""
    return ask.answer(service_view(ask))


async def invite(ask: Ask) -> Response:
    """Make a link by which this responder of the coordinator's area gets in."""
    responder = await Responder.filter(id=ask.id).select_related("area").first()
    if responder is None or not access.in_scope(ask.caller, responder.area.path):
        raise NotFound()
    made = await access.invite(responder.id, ask.now, ask.caller.id)
    url = made.url(ask.parts.settings.public_url)
    return ask.answer({"url": url, "expires_at": made.expires_at}, 201)


async def _whom(form: WhoForm, ask: Ask) -> access.Whom:
    if form.invite is not None:
        return await access.by_invite(form.invite, ask.now)
    return await access.by_number(phone_of(form.phone or "", ask.parts.settings.country).hash)


ROUTES = (
    Route("GET", "/api/service", service, (), "What the service is called, and its line.", shape=Served),
    Route(
        "POST",
        "/api/sign-in/codes",
        send_code,
        (),
        "Asked for; whoever has this number gets a code, and nobody learns whether there is one.",
        WhoForm,
        answers=202,
        shape=CodeAsked,
        refuses=(TooManyTries,),
    ),
    Route(
        "POST",
        "/api/sign-in/sessions",
        sign_in,
        (),
        "Signed in: the cookie `outreach_session` is set.",
        SignInForm,
        answers=201,
        shape=SessionStarted,
        refuses=(WrongCode, NotFromTheApp, TooManyTries),
    ),
    Route(
        "POST",
        "/api/responders/{id}/invite",
        invite,
        DECIDING,
        "The link, and until when it may be used.",
        answers=201,
        shape=InviteMade,
    ),
)
