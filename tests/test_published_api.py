"""Every request that we make of Twilio is one that its published description of the API knows."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from outreach.cli.doctor.provider import check_account
from outreach.clock import SetClock
from outreach.messaging.twilio import TwilioMessenger
from outreach.rehearsal.provider import Provider
from outreach.settings import Settings
from tests.harness.adas_case import ADA
from tests.harness.provider_side import TOKEN, serving
from tests.harness.published import Asked, Listening, NotThere, documents, faults

pytestmark = pytest.mark.slow

NUMBER, SERVICE, CALLER = "+15005550006", "MG" + "0" * 32, "+15005550007"
SENDERS = [(NUMBER, ""), (SERVICE, ""), (SERVICE, CALLER), ("12345", CALLER), ("CityCare", CALLER)]
"""What texts come from, and what calls alone come from. The description knows the last two in its words only: it takes
`From` for a phone's number, and says that it may be a short code or a name."""
OURS = "https://outreach.city.example/twilio/attempts/1"
ACCOUNT = "/2010-04-01/Accounts/AC" + "0" * 32
TEXT = Asked("POST", f"{ACCOUNT}/Messages.json", form={"To": [ADA], "From": [NUMBER], "Body": ["hello"]})


@pytest.fixture(scope="module", autouse=True)
def published() -> None:
    """The documents are at hand; fails with how to get them."""
    try:
        documents()
    except NotThere as how:
        pytest.fail(str(how))


@contextlib.asynccontextmanager
async def twilio(sender: str, caller: str) -> AsyncIterator[tuple[Listening, Settings]]:
    provider = Provider(TOKEN, lambda: datetime.now(UTC), inbound_url="https://outreach.city.example/twilio/sms")
    listening = Listening(provider.app)
    async with serving(listening) as api:  # type: ignore[arg-type]
        given = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": TOKEN, "twilio_from": sender}
        given["twilio_voice_from"] = caller
        yield listening, Settings(twilio_api_url=api, country="GB", **given)  # type: ignore[arg-type]


def asked_for(listening: Listening) -> set[str]:
    """Methods and ends of the paths asked."""
    return {f"{one.method} {one.path.removeprefix(ACCOUNT).split('/')[-1][:9]}" for one in listening.asked}


@pytest.mark.parametrize(("sender", "caller"), SENDERS[:3])
async def test_every_text_call_list_and_question_of_ours_is_one_that_twilio_describes(sender: str, caller: str) -> None:
    since = datetime.now(UTC)
    async with twilio(sender, caller) as (listening, settings):
        messenger = TwilioMessenger(settings)
        try:
            text = await messenger.send_sms(ADA, "Hello, 你好 & more", f"{OURS}/status")
            await messenger.find("sms", ADA, "hello", since)
            await messenger.status("sms", text.sid)
            if "voice" in messenger.can:
                call = await messenger.call(ADA, f"{OURS}/voice", f"{OURS}/status")
                await messenger.find("voice", ADA, "", since)
                await messenger.status("voice", call.sid)
        finally:
            await messenger.close()
    wanted = {"POST Messages.", "GET Messages.", f"GET {text.sid[:9]}"}
    wanted |= {"POST Calls.jso", "GET Calls.jso", f"GET {call.sid[:9]}"} if settings.caller else set()
    assert wanted == asked_for(listening)
    assert {f"{one.method} {one.path}": faults(one) for one in listening.asked if faults(one)} == {}


@pytest.mark.parametrize(("sender", "caller"), SENDERS)
async def test_every_question_of_the_doctor_is_one_that_twilio_describes(sender: str, caller: str) -> None:
    async with (
        twilio(sender, caller) as (listening, settings),
        httpx2.AsyncClient(timeout=5, trust_env=False) as client,
    ):
        await check_account(settings, SetClock(datetime.now(UTC)), client)
    assert len(listening.asked) >= 2
    assert {f"{one.method} {one.path}": faults(one) for one in listening.asked if faults(one)} == {}


def test_a_text_as_twilio_describes_it_has_no_fault() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(TEXT, form=TEXT.form | {"Text": ["hello"]}), "Text: there is no such field"),
        (replace(TEXT, form={"From": [NUMBER], "Body": ["hello"]}), "To: is missing"),
        (replace(TEXT, form=TEXT.form | {"To": ["07911 123456"]}), "To: '07911 123456' is not a 'phone-number'"),
        (replace(TEXT, form=TEXT.form | {"StatusCallback": ["/status"]}), "StatusCallback: '/status' is not a 'uri'"),
        (replace(TEXT, form=TEXT.form | {"ValidityPeriod": ["soon"]}), "ValidityPeriod: 'soon' is not of type"),
        (replace(TEXT, form=TEXT.form | {"MessagingServiceSid": ["MG1"]}), "MessagingServiceSid: 'MG1' "),
        (replace(TEXT, form=TEXT.form | {"Body": ["one", "two"]}), "Body: ['one', 'two'] is not of type"),
        (replace(TEXT, form=TEXT.form | {"ScheduleType": ["later"]}), "ScheduleType: 'later' is not one of"),
        (replace(TEXT, method="PUT"), "there is no PUT"),
        (replace(TEXT, path=f"{ACCOUNT}/Texts.json"), "there is no such path"),
        (replace(TEXT, path="/2010-04-01/Accounts/AC1/Messages.json"), "AccountSid: 'AC1' "),
        (Asked("GET", f"{ACCOUNT}/Calls.json", query={"Number": [ADA]}), "Number: there is no such field"),
    ],
)
def test_a_request_that_twilio_would_not_know_is_caught(wrong: Asked, says: str) -> None:
    assert any(says in fault for fault in faults(wrong)), faults(wrong)
