"""What the provider asks in a drill: nothing of it is kept, and nobody is warned, counted or looked for."""

from __future__ import annotations

from starlette.responses import Response

from outreach import notices
from outreach.web.asking import Ask
from outreach.web.provider import XML
from outreach.web.table import Route

LANGUAGE = {"language": "In which language to speak, as `zh-CN`."}


async def voice(ask: Ask) -> Response:
    """A drill's call was picked up, and asks what to say."""
    return Response(notices.drill_call(_language(ask), ask.parts.settings), media_type=XML)


async def key(ask: Ask) -> Response:
    """A key was pressed in a drill."""
    return Response(notices.drill_key(_language(ask), ask.parts.settings), media_type=XML)


async def status(ask: Ask) -> Response:
    """The provider says what became of a drill's text or call: whoever holds the drill asks the provider."""
    return Response(status_code=204)


def _language(ask: Ask) -> str:
    return ask.request.query_params.get("language", "")


def _signed(path: str, handler: object, says: str, answers: int = 200) -> Route:
    return Route("POST", path, handler, (), says, answers=answers, gives=XML, asks=LANGUAGE, signed=True)  # type: ignore[arg-type]


ROUTES = (
    _signed(notices.DRILL_VOICE, voice, "What a drill's call says (TwiML)."),
    _signed(notices.DRILL_KEY, key, "What a drill's call says next (TwiML)."),
    _signed(notices.DRILL_STATUS, status, "It was heard.", 204),
)
