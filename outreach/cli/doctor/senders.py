"""What texts and calls come from, as the account at Twilio has it: ours, able, and leading back here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from outreach.cli.doctor.account import Account, told_by
from outreach.cli.doctor.findings import Finding, change, note, ok
from outreach.messaging import rules_of
from outreach.settings import Settings

SMS_PATH, VOICE_PATH = "/twilio/sms", "/twilio/voice"
ALSO_TOLD = {
    "status_callback": "the status callback",
    "sms_fallback_url": "the fallback for texts",
    "voice_fallback_url": "the fallback for calls",
    "fallback_url": "the fallback for texts",
}
NUMBERS, SHORT_CODES = "/IncomingPhoneNumbers.json", "/SMS/ShortCodes.json"
TEXTS_IN, CALLS_IN = "Texts that come in", "Calls that come in"
Row = dict[str, Any]
Looked = tuple[list[Finding], Row | None]
"""What was found of a sender, and the sender as Twilio describes it, where it does."""


async def check_senders(account: Account) -> list[Finding]:
    """Whether texts and calls can leave as they are set to, and what comes in is brought here; may raise NoAnswer."""
    of_texts, texts = await _of_texts(account)
    of_calls, calls = await _of_calls(account)
    rows = [row for row in (texts, calls) if row is not None]
    return [*of_texts, *of_calls, *_told_too(rows, account.settings)]


async def _of_texts(account: Account) -> Looked:
    sender = account.settings.twilio_from
    if sender.startswith("MG"):
        return await _service(account)
    if sender.startswith("+"):
        return await _number(account)
    if sender.isdigit():
        return await _short_code(account)
    says = "Texts come from a name, which hears no answers: nobody is asked for one."
    return ([note("Sender", says)] if sender else []), None


async def _number(account: Account) -> Looked:
    settings = account.settings
    row = await _number_held(account, settings.twilio_from)
    if row is None:
        do = "Set OUTREACH_TWILIO_FROM to a number of this account, or buy one in the console."
        return [change("Sender", f"{settings.twilio_from} is no number of this account.", do)], None
    found = [_capable(row, settings), _hook(TEXTS_IN, row, "sms", settings)]
    if _can(row, "voice"):
        # People ring back the number that wrote to them, whichever rings.
        about = CALLS_IN if settings.caller == settings.twilio_from else "Calls to the sender"
        found.append(_hook(about, row, "voice", settings))
    return found, row


def _capable(row: Row, settings: Settings) -> Finding:
    rings = settings.caller == settings.twilio_from
    if not _can(row, "sms"):
        return change("Sender", "The number cannot send texts.", "Choose a number with SMS, or a messaging service.")
    if rings and not _can(row, "voice") and rules_of(settings.country).voice:
        do = "Choose a number with voice, or set OUTREACH_TWILIO_VOICE_FROM to one: the ladders ring people."
        return change("Sender", "The number cannot make calls.", do)
    calls = " and calls" if rings and _can(row, "voice") else ""
    return ok("Sender", f"{settings.twilio_from} is the account's, for texts{calls}.")


async def _service(account: Account) -> Looked:
    settings = account.settings
    answer = await account.ask(f"/v1/Services/{settings.twilio_from}", account.messaging)
    if answer.status_code == 404:
        do = "Set OUTREACH_TWILIO_FROM to a service of this account."
        return [change("Sender", "The messaging service does not exist.", do)], None
    service, found = told_by(answer), [ok("Sender", "The messaging service exists.")]
    if service.get("use_inbound_webhook_on_number"):
        do = f"See that each number's webhook for texts is {_wanted(SMS_PATH, settings)}."
        return [*found, note(TEXTS_IN, "Each number of the service says where they go.", do)], service
    hook = {"sms_url": service.get("inbound_request_url"), "sms_method": service.get("inbound_method")}
    return [*found, _hook(TEXTS_IN, hook, "sms", settings, "the service's page for integration")], service


async def _short_code(account: Account) -> Looked:
    settings, code = account.settings, account.settings.twilio_from
    rows = told_by(await account.about(SHORT_CODES, ShortCode=code)).get("short_codes", [])
    row = next((row for row in rows if row.get("short_code") == code), None)
    if row is None:
        do = "Set OUTREACH_TWILIO_FROM to one of this account."
        return [change("Sender", f"{code} is no short code of this account.", do)], None
    found = [ok("Sender", f"{code} is the account's, for texts.")]
    return [*found, _hook(TEXTS_IN, row, "sms", settings, "the short code's page")], row


async def _of_calls(account: Account) -> Looked:
    settings, number = account.settings, account.settings.caller
    if number == settings.twilio_from:
        return [], None
    if not number:
        return [_rings_nobody(settings)], None
    row = await _number_held(account, number)
    if row is None:
        do = "Set OUTREACH_TWILIO_VOICE_FROM to a number of this account, or buy one in the console."
        return [change("Caller", f"{number} is no number of this account.", do)], None
    if not _can(row, "voice"):
        do = "Set OUTREACH_TWILIO_VOICE_FROM to a number with voice."
        return [change("Caller", f"{number} cannot make calls.", do)], row
    return [ok("Caller", f"{number} is the account's, for calls."), _hook(CALLS_IN, row, "voice", settings)], row


def _rings_nobody(settings: Settings) -> Finding:
    do, what = "Set OUTREACH_TWILIO_VOICE_FROM to a number with voice.", "A name"
    if settings.twilio_from.startswith("MG"):
        what = "A messaging service"
    elif settings.twilio_from.isdigit():
        what = "A short code"
    if rules_of(settings.country).voice:
        return change("Caller", f"{what} cannot ring anybody, and the ladders do.", do)
    return note("Caller", f"{what} cannot be rung: residents have no official line to check a visitor at.", do)


async def _number_held(account: Account, number: str) -> Row | None:
    """The number of the account as Twilio describes it; None where it has no such."""
    rows = told_by(await account.about(NUMBERS, PhoneNumber=number)).get("incoming_phone_numbers", [])
    return next((row for row in rows if row.get("phone_number") == number), None)


def _can(row: Row, what: str) -> bool:
    return bool((row.get("capabilities") or {}).get(what))


def _told_too(rows: Sequence[Row], settings: Settings) -> Iterator[Finding]:
    """Who hears of residents' texts and calls beside us, as the numbers or the service have it."""
    ours = settings.public_url.rstrip("/") + "/"
    told = [
        what for row in rows for name, what in ALSO_TOLD.items() if row.get(name) and not row[name].startswith(ours)
    ]
    if told:
        says = f"Another address is told numbers and texts too: {', '.join(dict.fromkeys(told))}."
        yield note("Status callbacks", says, "Take it out in Twilio's console, unless you know whose it is.")
    elif rows:
        yield ok("Status callbacks", "Each text and call of ours names its own, and nobody else is told.")


def _hook(about: str, row: Row, kind: str, settings: Settings, where: str = "the number's page") -> Finding:
    wanted, at = _wanted(SMS_PATH if kind == "sms" else VOICE_PATH, settings), f"{where} in Twilio's console"
    if row.get(f"{kind}_application_sid"):
        return change(about, "An application of Twilio's takes them.", f"Take it out on {at}, and set {wanted}.")
    if kind == "voice" and row.get("trunk_sid"):
        return change(about, "A SIP trunk takes them.", f"Take it out on {at}, and set {wanted}.")
    if row.get(f"{kind}_url") != wanted:
        held = "somewhere else" if row.get(f"{kind}_url") else "nowhere"
        return change(about, f"Twilio sends them {held}.", f"On {at}, set the webhook to {wanted}, HTTP POST.")
    if (row.get(f"{kind}_method") or "POST").upper() != "POST":
        return change(about, "Twilio sends them by GET.", f"On {at}, set HTTP POST.")
    return ok(about, f"Twilio sends them to {wanted}.")


def _wanted(path: str, settings: Settings) -> str:
    return settings.public_url.rstrip("/") + path
