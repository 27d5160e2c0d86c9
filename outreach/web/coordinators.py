"""How a coordinator gets in: by name, password and authenticator, or once by a link, which also sets these."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import segno
from pydantic import Field, StringConstraints
from starlette.responses import Response

from outreach import access
from outreach.errors import LinkOver, NameTaken, NotFromTheApp, TooManyTries, WrongSignIn
from outreach.models.states import ROLES
from outreach.web.answers import CoordinatorIn, LinkLooked
from outreach.web.answers.people import OwnLink
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.knowing import address_of, give_cookie, refuse_other_sites
from outreach.web.sessions import coordinator_view
from outreach.web.table import Route

Name = Annotated[str, StringConstraints(min_length=2, max_length=64, pattern=r"^[^\x00]*$")]
Digits = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
LEAST, MOST = 12, 200
"""Characters of a password."""


class PasswordForm(Form):
    """What a coordinator signs in with: name, password, and what their authenticator shows."""

    name: Name
    password: Annotated[str, Field(max_length=MOST)]
    code: Digits


class NewPassword(PasswordForm):
    """What a coordinator will sign in with; `code` shows that their authenticator has the secret."""

    password: Annotated[str, Field(min_length=LEAST, max_length=MOST)]


class LinkForm(Form):
    """The code in a link."""

    link: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class ByLinkForm(LinkForm):
    """The code in a link, and what to sign in with from now on."""

    set_up: NewPassword | None = None


class OwnLinkForm(Form):
    """What one signs in with now, for whoever has a password."""

    password: Annotated[str, Field(max_length=MOST)] = ""
    code: Annotated[str, Field(pattern=r"^([0-9]{6})?$")] = ""


async def by_password(ask: Ask) -> Response:
    """Begin a coordinator's session; its cookie comes with the answer."""
    form = await ask.form(PasswordForm)
    refuse_other_sites(ask)
    token = await access.by_password(form.name, form.password, form.code, address_of(ask.request), ask.now)
    return await _in(ask, token)


async def look_at_link(ask: Ask) -> Response:
    """Whose link this is, before it is used."""
    form = await ask.form(LinkForm)
    service = ask.parts.settings.service_name
    linked = await access.look_at_link(form.link, service, address_of(ask.request), ask.now)
    picture = segno.make(linked.authenticator, error="m").svg_data_uri(border=2)
    return ask.answer(asdict(linked) | {"picture": picture})


async def by_link(ask: Ask) -> Response:
    """Begin a coordinator's session by a link, once; what is set up ends their other sessions."""
    form = await ask.form(ByLinkForm)
    refuse_other_sites(ask)
    given = form.set_up
    set_up = access.SetUp(given.name, given.password, given.code) if given else None
    return await _in(ask, await access.by_link(form.link, set_up, address_of(ask.request), ask.now))


async def own_link(ask: Ask) -> Response:
    """A link of one's own, by which another password and authenticator are set; that ends one's other sessions."""
    form = await ask.form(OwnLinkForm)
    made = await access.own_link(ask.caller.id, form.password, form.code, address_of(ask.request), ask.now)
    return ask.answer({"link": made.code, "expires_at": made.expires_at}, 201)


async def _in(ask: Ask, token: str) -> Response:
    ask.asker, ask.session = await access.session_caller(token, ask.now), token
    answer = ask.answer({"coordinator": await coordinator_view(ask), "csrf": access.csrf_of(token)}, 201)
    give_cookie(ask, answer, token)
    return answer


ROUTES = (
    Route(
        "POST",
        "/api/sign-in/passwords",
        by_password,
        (),
        "Signed in: the cookie `outreach_session` is set.",
        PasswordForm,
        answers=201,
        shape=CoordinatorIn,
        refuses=(WrongSignIn, NotFromTheApp, TooManyTries),
    ),
    Route(
        "POST",
        "/api/sign-in/links/look",
        look_at_link,
        (),
        "Whose it is, and what their authenticator reads.",
        LinkForm,
        shape=LinkLooked,
        refuses=(LinkOver, TooManyTries),
    ),
    Route(
        "POST",
        "/api/sign-in/links",
        by_link,
        (),
        "Signed in: the cookie `outreach_session` is set, and the link is used.",
        ByLinkForm,
        answers=201,
        shape=CoordinatorIn,
        refuses=(LinkOver, NameTaken, WrongSignIn, NotFromTheApp, TooManyTries),
    ),
    Route(
        "POST",
        "/api/session/link",
        own_link,
        ROLES,
        "The code of the link.",
        OwnLinkForm,
        answers=201,
        shape=OwnLink,
        refuses=(WrongSignIn, TooManyTries),
    ),
)
