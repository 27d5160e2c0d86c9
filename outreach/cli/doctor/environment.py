"""Settings that are wrong, or do not fit together; nothing is asked of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from outreach.cli.doctor.findings import Finding, change, note, ok, or_ok
from outreach.delivery.stale import STALE_AFTER
from outreach.messaging import rules_of
from outreach.messaging.texts import holds_link
from outreach.settings import Settings

ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
SENDER = re.compile(rf"{NUMBER.pattern}|MG[0-9a-fA-F]{{32}}|\d{{3,8}}|(?!MG|\+)(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{{1,11}}")
"""A number, a messaging service, a short code, or a name as phones can show one."""
TWILIOS = "Twilio's settings"
LOG_LEVELS = ("debug", "info", "warning", "error")


def check_settings(settings: Settings) -> list[Finding]:
    """The settings by themselves: account, address, times, country, hotline."""
    return [
        *(
            or_ok(list(_account(settings)), TWILIOS, "Account, token and sender are set.")
            if is_twilio(settings)
            else ()
        ),
        *or_ok(list(_public_url(settings)), "Public address", f"{settings.public_url} is https."),
        *or_ok(list(_figures(settings)), "Other settings", "They fit together."),
        *_country(settings),
        *_words(settings),
        _canary(settings),
    ]


def is_twilio(settings: Settings) -> bool:
    """Whether it is Twilio's messenger that carries texts and calls; another package's settings are its own."""
    return settings.messenger == "twilio"


def at_twilio(settings: Settings) -> bool:
    """Whether texts and calls go to Twilio itself, and not to a stand-in."""
    return (urlsplit(settings.twilio_api_url).hostname or "").endswith(".twilio.com")


def _account(settings: Settings) -> Iterator[Finding]:
    about = TWILIOS
    if not settings.twilio_account_sid:
        yield change(
            about,
            "No Twilio account is set: no text and no call goes out.",
            "Set OUTREACH_TWILIO_ACCOUNT_SID, OUTREACH_TWILIO_AUTH_TOKEN and OUTREACH_TWILIO_FROM.",
        )
        return
    if not ACCOUNT.fullmatch(settings.twilio_account_sid):
        yield change(
            about,
            "OUTREACH_TWILIO_ACCOUNT_SID is no account's id.",
            "Copy the Account SID from Twilio's console: AC and 32 hex digits. An API key (SK…) signs no callbacks.",
        )
    if not settings.twilio_auth_token.get_secret_value():
        yield change(about, "OUTREACH_TWILIO_AUTH_TOKEN is empty.", "Copy the Auth Token from Twilio's console.")
    if not SENDER.fullmatch(settings.twilio_from):
        yield change(
            about,
            "OUTREACH_TWILIO_FROM is neither a number nor a messaging service.",
            "Set a number of the account as +12025550100, or the id of a messaging service (MG…).",
        )
    if settings.twilio_voice_from and not NUMBER.fullmatch(settings.twilio_voice_from):
        yield change(
            about,
            "OUTREACH_TWILIO_VOICE_FROM is no number.",
            "Set a number of the account with voice, as +12025550100.",
        )


def _public_url(settings: Settings) -> Iterator[Finding]:
    about, url = "Public address", _split(settings.public_url)
    if url is None or url.query or url.fragment or url.username:
        yield change(
            about,
            "OUTREACH_PUBLIC_URL is no plain address.",
            "Set https:// and the host's name, without user, query or #.",
        )
    elif url.scheme != "https":
        here = url.hostname in ("localhost", "127.0.0.1", "::1")
        if here and not (is_twilio(settings) and settings.twilio_account_sid and at_twilio(settings)):
            yield note(about, f"{settings.public_url} is this machine: enough for trying things out.")
        else:
            yield change(
                about,
                f"{settings.public_url} is not https, and the provider calls back to it.",
                "Put a TLS proxy before `outreach serve`, and set OUTREACH_PUBLIC_URL to its https:// address.",
            )


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.scheme in ("http", "https") and parts.port != 0 else None
    except ValueError:
        return None


def _figures(settings: Settings) -> Iterator[Finding]:
    about, most = "Other settings", STALE_AFTER.total_seconds()
    if not 0 < settings.provider_timeout_s < most:
        yield change(
            about,
            f"OUTREACH_PROVIDER_TIMEOUT_S is {settings.provider_timeout_s:g}: after {most:.0f} s another process takes "
            "a send for dead.",
            f"Set it above 0 and well below {most:.0f}; 10 is usual.",
        )
    if settings.log_level not in LOG_LEVELS:
        yield change(about, "OUTREACH_LOG_LEVEL is none.", f"Set one of {', '.join(LOG_LEVELS)}.")
    try:
        ZoneInfo(settings.city_time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield change(about, "OUTREACH_CITY_TIME_ZONE is no IANA zone.", "Set one, as Asia/Shanghai.")


def _country(settings: Settings) -> Iterator[Finding]:
    about, code = "Country", settings.country.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        yield change(about, "OUTREACH_COUNTRY is no country.", "Set its two letters by ISO 3166, as CN or GB.")
        return
    rules = rules_of(code)
    can = {"calls by machine": rules.voice, "answers to texts": rules.answers_arrive(two_way=True)}
    cannot = [what for what, there in can.items() if not there]
    if cannot:
        yield note(about, f"{code}: no {' and no '.join(cannot)}. The ladder goes on to people sooner.")
    else:
        yield ok(about, f"{code}: texts, answers to them, and calls.")


def _words(settings: Settings) -> Iterator[Finding]:
    if settings.hotline:
        yield ok("Hotline", "It is set, and is said in calls.")
    else:
        yield change(
            "Hotline",
            "No public hotline is set: a resident who wants to check who rang has no number to ring.",
            "Set OUTREACH_HOTLINE.",
        )
    if settings.service_name == type(settings).model_fields["service_name"].default:
        yield note(
            "Service's name",
            f"Residents are told that “{settings.service_name}” writes, which they do not know.",
            "Set OUTREACH_SERVICE_NAME to the name that the city uses in public.",
        )
    if holds_link(settings.service_name) and not rules_of(settings.country).links:
        yield change(
            "Service's name",
            "It reads as a link, stands in every text, and no text to this country may hold one.",
            "Set OUTREACH_SERVICE_NAME to a name and no address.",
        )


def _canary(settings: Settings) -> Finding:
    about, phone = "Daily test", settings.canary_to
    if not phone:
        says = "No test phone is set: that texts no longer arrive is learned when somebody needs one."
        return note(about, says, "Set OUTREACH_CANARY_TO to a phone that somebody keeps charged.")
    if not NUMBER.fullmatch(phone):
        return change(about, "OUTREACH_CANARY_TO is no number.", "Set it as +12025550100.")
    return ok(about, f"A test phone gets a text each day from {settings.canary_hour}:00 on.")
