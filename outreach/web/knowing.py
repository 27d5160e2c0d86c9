"""Who asks: by the token in the Authorization header, or by the cookie of a phone that is signed in."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from outreach import access
from outreach.errors import NotFromTheApp
from outreach.web.asking import Ask, bearer_of

COOKIE = "outreach_session"
CSRF = "X-CSRF-Token"
SAFE = ("GET", "HEAD")


async def recognise(ask: Ask) -> None:
    """Find out who asks; raises NoTokenGiven, TokenRefused, or NotFromTheApp for a cookie that came alone."""
    bearer, cookie = bearer_of(ask.request), ask.request.cookies.get(COOKIE)
    if bearer or not cookie:
        ask.asker = await access.who(bearer, ask.now)
        return
    ask.asker = await access.session_caller(cookie, ask.now)
    ask.session = cookie
    if ask.request.method not in SAFE:
        access.refuse_unless_ours(cookie, ask.request.headers.get(CSRF))


async def keep_signed_in(ask: Ask, answer: Response) -> None:
    """Let the session of whoever asked last on, here and on the phone."""
    if ask.session is not None and await access.slide(ask.session, ask.caller, ask.now):
        give_cookie(ask, answer, ask.session)


def give_cookie(ask: Ask, answer: Response, token: str) -> None:
    """Give the phone its session, out of reach of any script and of other sites' posts."""
    answer.set_cookie(COOKIE, token, max_age=int(access.lasts(ask.caller.kind).total_seconds()), **_kind(ask))


def take_cookie(ask: Ask, answer: Response) -> None:
    """Take the session off the phone."""
    answer.delete_cookie(COOKIE, **_kind(ask))


def _kind(ask: Ask) -> dict[str, Any]:
    secure = ask.parts.settings.public_url.startswith("https:")
    return {"path": "/", "secure": secure, "httponly": True, "samesite": "lax"}


def refuse_other_sites(ask: Ask) -> None:
    """Raises NotFromTheApp for a request that a browser says comes from another site's page."""
    origin = ask.request.headers.get("origin")
    ours = f"//{ask.request.headers.get('host')}", ask.parts.settings.public_url
    if origin is not None and origin.partition("//")[2] not in [each.partition("//")[2].rstrip("/") for each in ours]:
        raise NotFromTheApp()


def come_from(scope: Scope, header: str) -> None:
    """Let the request come from the address that the host's proxy names in `header`, where that is set and sent."""
    named = Headers(scope=scope).get(header) if header else None
    if named:
        scope["client"] = (named, 0)


def address_of(request: Request) -> str:
    """The address that a request comes from; behind a proxy the one that it names, where the server trusts it."""
    return request.client.host if request.client else ""
