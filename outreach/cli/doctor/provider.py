"""What Twilio says about the account: reachable, in order, its clock, its sender, and where it will call us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from outreach.cli.doctor.findings import Finding, change, note, ok
from outreach.clock import Clock
from outreach.messaging import rules_of
from outreach.settings import Settings

CLOCKS_MAY_DIFFER = timedelta(seconds=5)
"""A lost send is looked for from 5 s before it left: past that, a text could go out twice."""
SMS_PATH, VOICE_PATH = "/twilio/sms", "/twilio/voice"
ALSO_TOLD = {
    "status_callback": "the status callback",
    "sms_fallback_url": "the fallback for texts",
    "voice_fallback_url": "the fallback for calls",
    "fallback_url": "the fallback for texts",
}
WHAT = "Twilio account"


class NoAnswer(Exception):
    """Twilio was not reached, or did not answer in JSON."""


class Account:
    """Questions to the account of the settings."""

    def __init__(self, client: httpx2.AsyncClient, settings: Settings) -> None:
        self.client, self.settings = client, settings
        self.auth = httpx2.BasicAuth(settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value())
        self.base = settings.twilio_api_url.rstrip("/")

    async def ask(self, path: str, base: str = "", **query: str) -> httpx2.Response:
        """One GET; raises NoAnswer when there is none."""
        try:
            return await self.client.get((base or self.base) + path, params=query, auth=self.auth)
        except (httpx2.HTTPError, httpx2.InvalidURL) as no:
            raise NoAnswer(type(no).__name__) from None

    async def about(self, path: str = ".json", **query: str) -> httpx2.Response:
        """The same, below the account."""
        return await self.ask(f"/2010-04-01/Accounts/{self.settings.twilio_account_sid}{path}", **query)

    @property
    def messaging(self) -> str:
        """Where messaging services are asked about: another host at Twilio, the same at a stand-in."""
        url = urlsplit(self.base)
        host = url.netloc.replace("api.", "messaging.", 1) if url.netloc.endswith(".twilio.com") else url.netloc
        return url._replace(netloc=host).geturl()


async def check_account(settings: Settings, clock: Clock, client: httpx2.AsyncClient) -> list[Finding]:
    """Whether Twilio knows us, its clock agrees with ours, and the sender can do what is asked of it."""
    account = Account(client, settings)
    try:
        asked_at = clock.now()
        answer = await account.about()
        found = [_known(answer), *_clock(answer, asked_at, clock.now())]
        if answer.status_code != 200:
            return found
        return found + (await _service(account) if settings.twilio_from.startswith("MG") else await _number(account))
    except NoAnswer as no:
        return [
            change(
                WHAT, f"Twilio was not reached ({no}).", "Check this machine's way out, and OUTREACH_TWILIO_API_URL."
            )
        ]


def _known(answer: httpx2.Response) -> Finding:
    if answer.status_code in (401, 403):
        return change(
            WHAT, "Twilio refuses these credentials.", "Copy Account SID and Auth Token from its console anew."
        )
    said = _json(answer)
    if answer.status_code != 200:
        return change(WHAT, f"Twilio answered {answer.status_code}.", "Check the Account SID and Twilio's status page.")
    if said.get("status") != "active":
        return change(WHAT, f"The account is {said.get('status')}.", "Ask Twilio to make it active again.")
    if said.get("type") == "Trial":
        return note(
            WHAT, "It is a trial account, which reaches only numbers verified there.", "Upgrade before going live."
        )
    return ok(WHAT, "Twilio takes these credentials, and the account is active.")


def _clock(answer: httpx2.Response, asked_at: datetime, heard_at: datetime) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return
    # Their time has no fractions: it may be up to a second later than it says.
    ahead, behind = asked_at - theirs - timedelta(seconds=1), theirs - heard_at
    apart = max(ahead, behind, timedelta())
    if apart > CLOCKS_MAY_DIFFER:
        which = "ahead of" if ahead > behind else "behind"
        says = f"This machine's clock is {apart.total_seconds():.0f} s {which} Twilio's."
        yield change("Clock", says, "Let NTP set it (`timedatectl set-ntp true`).")
    else:
        yield ok("Clock", "It agrees with Twilio's.")


async def _number(account: Account) -> list[Finding]:
    number = account.settings.twilio_from
    rows = _json(await account.about("/IncomingPhoneNumbers.json", PhoneNumber=number)).get(
        "incoming_phone_numbers", []
    )
    row = next((row for row in rows if row.get("phone_number") == number), None)
    if row is None:
        do = "Set OUTREACH_TWILIO_FROM to a number of this account, or buy one in the console."
        return [change("Sender", f"{number} is no number of this account.", do)]
    return [*_capable(row, account.settings), *_called_back(row, account.settings)]


def _capable(row: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    can, country = row.get("capabilities") or {}, settings.country.upper()
    if not can.get("sms"):
        yield change("Sender", "The number cannot send texts.", "Choose a number with SMS, or a messaging service.")
    elif not can.get("voice") and rules_of(country).voice:
        yield change("Sender", "The number cannot make calls.", "Choose a number with voice: the ladders ring people.")
    else:
        yield ok(
            "Sender", f"{settings.twilio_from} is the account's, for texts{' and calls' if can.get('voice') else ''}."
        )


def _called_back(row: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    yield _hook("Texts that come in", row, "sms", SMS_PATH, settings)
    if (row.get("capabilities") or {}).get("voice"):
        yield _hook("Calls that come in", row, "voice", VOICE_PATH, settings)
    yield from _told_too(row, settings)


def _told_too(row: dict[str, Any], settings: Settings) -> Iterator[Finding]:
    """Who hears of residents' texts and calls beside us, as the number or service has it."""
    ours = settings.public_url.rstrip("/") + "/"
    others = [what for name, what in ALSO_TOLD.items() if row.get(name) and not str(row[name]).startswith(ours)]
    if others:
        says = f"Another address is told numbers and texts too: {', '.join(others)}."
        yield note("Status callbacks", says, "Take it out in Twilio's console, unless you know whose it is.")
    else:
        yield ok("Status callbacks", "Each text and call of ours names its own, and nobody else is told.")


def _hook(about: str, row: dict[str, Any], kind: str, path: str, settings: Settings) -> Finding:
    wanted = settings.public_url.rstrip("/") + path
    where = "the number's page in Twilio's console"
    if row.get(f"{kind}_application_sid"):
        return change(about, "An application of Twilio's takes them.", f"Take it out on {where}, and set {wanted}.")
    if kind == "voice" and row.get("trunk_sid"):
        return change(about, "A SIP trunk takes them.", f"Take it out on {where}, and set {wanted}.")
    if row.get(f"{kind}_url") != wanted:
        held = "somewhere else" if row.get(f"{kind}_url") else "nowhere"
        return change(about, f"Twilio sends them {held}.", f"On {where}, set the webhook to {wanted}, HTTP POST.")
    if (row.get(f"{kind}_method") or "POST").upper() != "POST":
        return change(about, "Twilio sends them by GET.", f"On {where}, set HTTP POST.")
    return ok(about, f"Twilio sends them to {wanted}.")


async def _service(account: Account) -> list[Finding]:
    settings, base = account.settings, account.messaging
    answer = await account.ask(f"/v1/Services/{settings.twilio_from}", base)
    if answer.status_code == 404:
        do = "Set OUTREACH_TWILIO_FROM to a service of this account."
        return [change("Sender", "The messaging service does not exist.", do)]
    service = _json(answer)
    found = [ok("Sender", "The messaging service exists.")]
    if rules_of(settings.country).voice:
        do = "Set OUTREACH_TWILIO_FROM to a number with voice."
        found.append(change("Sender", "A messaging service cannot ring anybody, and the ladders do.", do))
    if not service.get("use_inbound_webhook_on_number"):
        row = {"sms_url": service.get("inbound_request_url"), "sms_method": service.get("inbound_method")}
        return [*found, _hook("Texts that come in", row, "sms", SMS_PATH, settings), *_told_too(service, settings)]
    found += _told_too(service, settings)
    return [*found, note("Texts that come in", "Each number of the service says where they go.", _each(settings))]


def _each(settings: Settings) -> str:
    return f"See that each number's webhook for texts is {settings.public_url.rstrip('/')}{SMS_PATH}."


def _json(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        raise NoAnswer("what answers is not Twilio's API") from None
    return said if isinstance(said, dict) else {}
