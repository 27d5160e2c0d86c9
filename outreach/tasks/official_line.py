"""The official line: whoever rings it is asked for the code their visitor shows, and is told yes or no."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.errors import TooManyTries
from outreach.messaging import compose, language_for
from outreach.messaging.facts import Call
from outreach.messaging.inbound import address_of
from outreach.messaging.speaking import Spoken, ask_for_digits, connect, say
from outreach.settings import Settings
from outreach.tasks.visit_checks import Asking, check_visitor
from outreach.tasks.visit_codes import DIGITS, code_in


async def official_line(call: Call, own: Collection[str], settings: Settings, now: datetime) -> Spoken:
    """What the line says: the greeting, or the answer to the code that was keyed or said.

    It says yes or no and the organisation, and nothing else; whoever has no good answer is put through to the hotline,
    unless that is one of our `own` numbers (E.164), which lead here.
    """
    # A hotline that is this very line would ring itself for ever.
    hotline = settings.hotline if settings.hotline not in own else ""
    if not call.keys and not call.speech:
        return _greeting(hotline, settings)
    code = code_in(call.keys, call.speech)
    if code is None:
        return _put_through("line_unclear", hotline, settings)
    try:
        found = await check_visitor(code, Asking("line", call.caller, call.caller), settings.service_name, now)
    except TooManyTries:
        return _put_through("line_too_many", hotline, settings)
    if found is None:
        return _put_through("line_no", hotline, settings)
    language = _language(settings)
    return say(compose("line_yes", language, organisation=found), language)


def _greeting(hotline: str, settings: Settings) -> Spoken:
    language = _language(settings)
    words = compose("line_greeting", language, service=settings.service_name)
    url = address_of("voice", settings)
    otherwise = compose("line_connecting" if hotline else "line_nobody", language)
    return ask_for_digits(words, DIGITS, url, otherwise, hotline, language)


def _put_through(key: str, hotline: str, settings: Settings) -> Spoken:
    language = _language(settings)
    words = compose(key, language)
    if not hotline:
        return say(f"{words} {compose('line_nobody', language)}", language)
    return connect(f"{words} {compose('line_connecting', language)}", hotline, language)


def _language(settings: Settings) -> str:
    return language_for(None, settings.language)
