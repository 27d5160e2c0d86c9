"""Whose session this is, who else is signed in, and signing out: here, somewhere, everywhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from outreach import access, notices
from outreach.errors import NotFound
from outreach.messaging.texts import LANGUAGES, language_for
from outreach.models import Coordinator
from outreach.models.states import TokenKind
from outreach.web.answers import Sessions, SessionShown
from outreach.web.asking import Ask
from outreach.web.knowing import take_cookie
from outreach.web.me import me_view
from outreach.web.table import BY_COOKIE, Route


async def session(ask: Ask) -> Response:
    """Whose session this is, and whose service; `csrf` is null for a token that is no session's."""
    responds = ask.caller.kind is TokenKind.RESPONDER
    return ask.answer(
        {
            "responder": await me_view(ask) if responds else None,
            "coordinator": None if responds else await coordinator_view(ask),
            "csrf": access.csrf_of(ask.session) if ask.session else None,
            "service": service_view(ask),
        }
    )


async def sessions(ask: Ask) -> Response:
    """Where one is signed in; to an admin, where the coordinators of their area are."""
    found = await access.sessions_seen_by(ask.caller, ask.token, ask.now, ask.query_id("of"))
    return ask.answer({"sessions": [asdict(each) for each in found]})


async def end_session(ask: Ask) -> Response:
    """End one of one's own sessions; an admin ends anybody's of their area."""
    await access.end_session(ask.caller, ask.id, ask.now)
    return Response(status_code=204)


async def sign_out(ask: Ask) -> Response:
    """Sign out on this phone or machine."""
    await access.unsubscribe(ask.token)
    await access.revoke(ask.token, ask.now)
    return _out(ask)


async def sign_out_everywhere(ask: Ask) -> Response:
    """Sign out wherever the caller is signed in; every other token of theirs is refused from now on too."""
    await access.unsubscribe_all(ask.caller.id)
    await access.end_all(ask.caller.id, ask.now)
    return _out(ask)


async def coordinator_view(ask: Ask) -> dict[str, object]:
    """The coordinator who asks, as the board shows them."""
    coordinator = await Coordinator.get(id=ask.caller.id)
    who = {"id": coordinator.id, "name": coordinator.name}
    return {**who, "role": ask.caller.kind.value, "area": ask.caller.area_path}


def service_view(ask: Ask) -> dict[str, Any]:
    """The service: its name, its line, the languages it speaks."""
    settings = ask.parts.settings
    return {
        "name": settings.service_name,
        "official_line": settings.hotline or None,
        "languages": list(LANGUAGES),
        "language": language_for(settings.language, "en"),
        "push_key": notices.push_key(),
    }


def _out(ask: Ask) -> Response:
    answer = Response(status_code=204)
    take_cookie(ask, answer)
    # The cookie is gone: nothing may give it back.
    ask.session = None
    return answer


ROUTES = (
    Route("GET", "/api/session", session, BY_COOKIE, "Whose session this is.", shape=SessionShown),
    Route("DELETE", "/api/session", sign_out, BY_COOKIE, "Signed out here.", answers=204),
    Route(
        "GET",
        "/api/sessions",
        sessions,
        BY_COOKIE,
        "Live sessions and tokens, newest first.",
        asks={"of": "The id of one coordinator or responder of the admin's area."},
        shape=Sessions,
        refuses=(NotFound,),
    ),
    Route("DELETE", "/api/sessions", sign_out_everywhere, BY_COOKIE, "Signed out everywhere.", answers=204),
    Route("DELETE", "/api/sessions/{id}", end_session, BY_COOKIE, "That one is refused from now on.", answers=204),
)
