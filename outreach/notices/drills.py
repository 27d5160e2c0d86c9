"""What a drill says, by text and in a call: that it is one, and that there is nothing to do."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from outreach.errors import BadInput
from outreach.messaging import compose, language_for
from outreach.messaging.inbound import address_of
from outreach.messaging.speaking import Spoken, ask_for_key, say
from outreach.registry.phones import number_of
from outreach.settings import Settings

VOICE, KEY, STATUS = "drill/voice", "drill/key", "drill/status"
OF_COUNTRY = {"CN": "zh-CN"}


def language_of_number(number: str, settings: Settings) -> str:
    """The language of ours for whoever has this number: the city's own at home, else its country's, else English."""
    try:
        _, country = number_of(number, settings.country)
    except BadInput:
        return language_for(None, settings.language)
    if country == settings.country.upper():
        return language_for(None, settings.language)
    return OF_COUNTRY.get(country, "en")


def drill_text(language: str, settings: Settings, now: datetime) -> str:
    """The words of a drill's text; the time in them keeps two of a day apart."""
    at = now.astimezone(ZoneInfo(settings.city_time_zone))
    return compose("drill", language_for(language, settings.language), service=settings.service_name, at=f"{at:%H:%M}")


def drill_call(language: str, settings: Settings) -> Spoken:
    """What a drill's call says: that it is one, and to press a key."""
    known = language_for(language, settings.language)
    words = compose("drill_voice", known, service=settings.service_name)
    return ask_for_key(words, drill_url(KEY, known, settings), compose("drill_goodbye", known), known)


def drill_key(language: str, settings: Settings) -> Spoken:
    """What a drill's call says once a key was pressed."""
    known = language_for(language, settings.language)
    return say(compose("drill_key", known), known)


def drill_url(path: str, language: str, settings: Settings) -> str:
    """The public address of one of a drill's webhooks."""
    return f"{address_of(path, settings)}?language={quote(language)}"
