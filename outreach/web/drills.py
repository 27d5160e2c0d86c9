"""What the provider asks in a drill: nothing of it is kept, and nobody is warned, counted or looked for."""

from __future__ import annotations

from starlette.responses import Response

from outreach import notices
from outreach.web.asking import Ask
from outreach.web.table import Called

LANGUAGE = {"language": "In which language to speak, as `zh-CN`."}


async def voice(ask: Ask) -> Response:
    """A drill's call was picked up, and asks what to say."""
    return ask.speak(notices.drill_call(_language(ask), ask.parts.settings))


async def key(ask: Ask) -> Response:
    """A key was pressed in a drill."""
    return ask.speak(notices.drill_key(_language(ask), ask.parts.settings))


async def status(ask: Ask) -> Response:
    """The provider says what became of a drill's text or call: whoever holds the drill asks the provider."""
    return Response(status_code=204)


def _language(ask: Ask) -> str:
    return ask.request.query_params.get("language", "")


CALLED = (
    Called(notices.DRILL_VOICE, voice, "What a drill's call says.", asks=LANGUAGE),
    Called(notices.DRILL_KEY, key, "What a drill's call says next.", asks=LANGUAGE),
    Called(notices.DRILL_STATUS, status, "It was heard.", 204, LANGUAGE),
)
