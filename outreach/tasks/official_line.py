"""The official line: whoever rings it is asked for the code their visitor shows, and is told yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outreach.errors import TooManyTries
from outreach.messaging import compose, language_for
from outreach.messaging.twilio import speaking
from outreach.settings import Settings
from outreach.tasks.visit_checks import Asking, check_visitor
from outreach.tasks.visit_codes import DIGITS, code_in


async def official_line(form: Mapping[str, str], settings: Settings, now: datetime) -> str:
    """What the line says (TwiML): the greeting, or the answer to the code that was keyed or said.

    It says yes or no and the organisation, and nothing else; whoever has no good answer is put through to the hotline.
    """
    keyed, spoken = form.get("Digits", ""), form.get("SpeechResult", "")
    if not keyed and not spoken:
        return _greeting(settings)
    code = code_in(keyed, spoken)
    if code is None:
        return _put_through("line_unclear", settings)
    number = form.get("From", "")
    try:
        found = await check_visitor(code, Asking("line", number, number), settings.service_name, now)
    except TooManyTries:
        return _put_through("line_too_many", settings)
    if found is None:
        return _put_through("line_no", settings)
    language = _language(settings)
    return speaking.say(compose("line_yes", language, organisation=found), language)


def _greeting(settings: Settings) -> str:
    language = _language(settings)
    words = compose("line_greeting", language, service=settings.service_name)
    url = f"{settings.public_url.rstrip('/')}/twilio/voice"
    otherwise = compose("line_connecting" if _hotline(settings) else "line_nobody", language)
    return speaking.ask_for_digits(words, DIGITS, url, otherwise, _hotline(settings), language)


def _put_through(key: str, settings: Settings) -> str:
    language, hotline = _language(settings), _hotline(settings)
    words = compose(key, language)
    if not hotline:
        return speaking.say(f"{words} {compose('line_nobody', language)}", language)
    return speaking.connect(f"{words} {compose('line_connecting', language)}", hotline, language)


def _hotline(settings: Settings) -> str:
    # A hotline that is this very line would ring itself for ever; the number that texts come from leads here too.
    return settings.hotline if settings.hotline not in (settings.caller, settings.twilio_from) else ""


def _language(settings: Settings) -> str:
    return language_for(None, settings.language)
