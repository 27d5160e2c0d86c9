"""What the provider calls back: states of texts and calls, what a call says, keys pressed, texts that come in."""

from __future__ import annotations

from starlette.responses import Response

from outreach import attempts, notices, tasks
from outreach.messaging.twilio.speaking import nothing
from outreach.web.asking import Ask
from outreach.web.table import Route

XML = "application/xml"


async def attempt_status(ask: Ask) -> Response:
    """The provider says what became of an attempt."""
    if await attempts.settle(ask.id, await said(ask), ask.now):
        ask.parts.wake()
    return Response(status_code=204)


async def notice_status(ask: Ask) -> Response:
    """The provider says what became of a word to a responder."""
    if await notices.settle(ask.id, await said(ask), ask.now):
        ask.parts.wake()
    return Response(status_code=204)


async def voice(ask: Ask) -> Response:
    """A call was picked up and asks what to say."""
    words = await attempts.voice_twiml(ask.id, ask.parts.settings, ask.now, await said(ask))
    ask.parts.wake()
    return Response(words, media_type=XML)


async def key(ask: Ask) -> Response:
    """A key was pressed, or a word said, in a call."""
    form = await said(ask)
    heard = form.get("Digits", ""), form.get("SpeechResult", "")
    words = await attempts.key_pressed(ask.id, *heard, ask.parts.settings, ask.now)
    ask.parts.wake()
    return Response(words, media_type=XML)


async def inbound_sms(ask: Ask) -> Response:
    """A text came in: a resident's answer, or the code of an offer that a responder takes by it."""
    form = await said(ask)
    sid = form.get("MessageSid") or form.get("SmsSid", "")
    number, body, wish = (form.get(name, "") for name in ("From", "Body", "OptOutType"))
    heard = await attempts.inbound_sms(number, body, sid, ask.parts.settings, ask.now, wish)
    if isinstance(heard, attempts.OfferReply):
        await tasks.take_by_code(heard.responder_id, heard.code, sid, ask.now)
    ask.parts.wake()
    return Response(nothing(), media_type=XML)


async def said(ask: Ask) -> dict[str, str]:
    """The callback's fields as text."""
    return {name: str(value) for name, value in (await ask.fields()).items()}


def _signed(path: str, handler: object, says: str, answers: int = 200, gives: str = XML) -> Route:
    return Route("POST", path, handler, (), says, answers=answers, gives=gives, signed=True)  # type: ignore[arg-type]


ROUTES = (
    _signed("/twilio/attempts/{id}/status", attempt_status, "The state was taken in.", 204),
    _signed("/twilio/attempts/{id}/voice", voice, "What the call says (TwiML)."),
    _signed("/twilio/attempts/{id}/key", key, "What the call says next (TwiML)."),
    _signed("/twilio/notices/{id}/status", notice_status, "The state was taken in.", 204),
    _signed("/twilio/sms", inbound_sms, "The text was taken in (empty TwiML)."),
)
