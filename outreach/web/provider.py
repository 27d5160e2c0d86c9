"""What the provider calls back: states of texts and calls, what a call says, keys pressed, texts that come in."""

from __future__ import annotations

from starlette.responses import Response

from outreach import attempts, notices, tasks
from outreach.messaging.inbound import checked
from outreach.web.asking import Ask
from outreach.web.table import Called


async def attempt_status(ask: Ask) -> Response:
    """The provider says what became of an attempt."""
    if await attempts.settle(ask.id, await ask.report(), ask.now):
        ask.parts.wake()
    return Response(status_code=204)


async def notice_status(ask: Ask) -> Response:
    """The provider says what became of a word to a responder."""
    if await notices.settle(ask.id, await ask.report(), ask.now):
        ask.parts.wake()
    return Response(status_code=204)


async def voice(ask: Ask) -> Response:
    """A call was picked up and asks what to say."""
    words = await attempts.picked_up(ask.id, await ask.call(), ask.parts.settings, ask.now)
    ask.parts.wake()
    return ask.speak(words)


async def key(ask: Ask) -> Response:
    """A key was pressed, or a word said, in a call."""
    words = await attempts.key_pressed(ask.id, await ask.call(), ask.parts.settings, ask.now)
    ask.parts.wake()
    return ask.speak(words)


async def inbound_sms(ask: Ask) -> Response:
    """A text came in: a resident's answer, or the code of an offer that a responder takes by it."""
    text = checked(ask.provider.text(await ask.came()))
    heard = await attempts.inbound_sms(text, ask.parts.settings, ask.now)
    if isinstance(heard, attempts.OfferReply):
        await tasks.take_by_code(heard.responder_id, heard.code, ask.parts.settings.messenger, text.sid, ask.now)
    ask.parts.wake()
    return Response(ask.provider.nothing, media_type=ask.provider.writes)


CALLED = (
    Called("attempts/{id}/status", attempt_status, "The state was taken in.", 204),
    Called("attempts/{id}/voice", voice, "What the call says."),
    Called("attempts/{id}/key", key, "What the call says next."),
    Called("notices/{id}/status", notice_status, "The state was taken in.", 204),
    Called("sms", inbound_sms, "The text was taken in."),
)
