"""Whoever carries our texts and calls keeps the same contract, is chosen by name, and knows what it can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from outreach import attempts, notices
from outreach.app import messenger_of
from outreach.errors import MisSet
from outreach.messaging import SendRefused
from outreach.messaging.contract import ContractLine, MessengerContract
from outreach.messaging.facts import Call
from outreach.messaging.speaking import Dial
from outreach.messaging.twilio import TwilioInbound, TwilioMessenger
from outreach.messaging.unset import UnsetMessenger
from outreach.models import Attempt, Notice, Outreach, Phone
from outreach.models.states import Channel
from outreach.settings import Settings
from outreach.tasks.official_line import official_line
from tests.harness.adas_case import ADA, an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import line_to

pytestmark = pytest.mark.slow

OURS, CALLER = "http://127.0.0.1:9/", "+15005550007"


class TestTwilioFromANumber(MessengerContract):
    sender = "+15005550006"

    @pytest.fixture
    async def line(self, now: datetime) -> AsyncIterator[ContractLine]:
        async with line_to(now, twilio_from=self.sender) as line:
            yield ContractLine(line.messenger, ADA, OURS, now.astimezone(UTC))


class TestTwilioFromAService(TestTwilioFromANumber):
    sender = "MG" + "0" * 32


class TestTwilioFromAName(TestTwilioFromANumber):
    sender = "CityCare"


class TestTwilioFromAServiceAndACallersNumber(MessengerContract):
    @pytest.fixture
    async def line(self, now: datetime) -> AsyncIterator[ContractLine]:
        async with line_to(now, twilio_from="MG" + "0" * 32, twilio_voice_from=CALLER) as line:
            yield ContractLine(line.messenger, ADA, OURS, now.astimezone(UTC))


class TestNoAccount(MessengerContract):
    @pytest.fixture
    async def line(self, now: datetime) -> ContractLine:
        return ContractLine(UnsetMessenger(), ADA, OURS, now)


async def test_with_no_account_nothing_is_sent_and_the_ladder_is_told_at_once():
    messenger = messenger_of(Settings())
    assert isinstance(messenger, UnsetMessenger)
    with pytest.raises(SendRefused, match="no_account"):
        await messenger.send_sms(ADA, "hello", OURS)


async def test_twilio_is_found_by_its_name():
    messenger = messenger_of(Settings(messenger="twilio", twilio_account_sid="AC1", twilio_auth_token="t"))
    assert isinstance(messenger, TwilioMessenger)
    await messenger.close()


def test_a_messenger_nobody_installed_is_named_with_those_that_are():
    with pytest.raises(MisSet, match=r"'pigeon'.*twilio"):
        messenger_of(Settings(messenger="pigeon"))


@pytest.mark.parametrize(
    ("sender", "hears", "calls"),
    [("+15005550006", True, True), ("MG0", True, False), ("12345", True, False), ("CityCare", False, False)],
)
def test_only_a_number_can_call_and_a_name_hears_no_replies(sender: str, hears: bool, calls: bool):
    can = TwilioMessenger(_with(sender)).can
    assert ("two_way" in can, "voice" in can) == (hears, calls) and can >= {"sms", "status"}


@pytest.mark.parametrize("sender", ["+15005550006", "MG0", "12345", "CityCare"])
def test_a_number_set_for_calls_alone_lets_whatever_sends_texts_call_as_well(sender: str):
    without, can = TwilioMessenger(_with(sender)).can, TwilioMessenger(_with(sender, CALLER)).can
    assert can == without | {"voice"}


def _with(sender: str, caller: str = "") -> Settings:
    given = {"twilio_from": sender, "twilio_voice_from": caller}
    return Settings(twilio_account_sid="AC1", twilio_auth_token="t", **given)


@pytest.mark.parametrize(
    ("sender", "rings"), [("+15005550006", CALLER), ("MG" + "0" * 32, CALLER), ("CityCare", CALLER)]
)
async def test_ada_is_rung_by_the_number_set_for_calls_and_written_to_by_the_other(
    database: str, now: datetime, sender: str, rings: str
):
    case = await an_outreach(now)
    for channel in (Channel.SMS, Channel.VOICE):
        await an_attempt(case, now, channel)
    async with line_to(now, twilio_from=sender, twilio_voice_from=rings) as line:
        await line.send()
        assert {item.kind: item.sender for item in line.provider.items} == {"sms": sender, "voice": rings}


async def test_with_nothing_to_call_from_ada_is_not_rung_and_the_next_step_comes_at_once(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, twilio_from="MG" + "0" * 32) as line:
        await line.send()
        assert line.provider.items == []
    assert (await Attempt.get(id=row.id)).failure == "no_voice_sender" and (
        await Outreach.get(id=case.id)
    ).due_at == now


@pytest.mark.parametrize("hotline", ["+15005550006", CALLER])
async def test_a_hotline_that_is_a_number_of_the_official_line_is_never_put_through_to_itself(
    now: datetime, hotline: str
):
    given = {"twilio_from": "+15005550006", "twilio_voice_from": CALLER, "language": "en"}
    for number, through in ((hotline, ()), ("96110", (Dial("96110"),))):
        settings = Settings(hotline=number, **given)
        said = await official_line(Call(), TwilioInbound(settings).numbers, settings, now)
        assert tuple(step for step in said.steps if isinstance(step, Dial)) == through


@pytest.mark.parametrize(
    ("sender", "country", "asked"),
    [("+15005550006", "GB", True), ("CityCare", "GB", False), ("+15005550006", "CN", False)],
)
async def test_ada_is_asked_to_reply_only_where_her_reply_would_arrive(
    database: str, now: datetime, sender: str, country: str, asked: bool
):
    row = await an_attempt(await an_outreach(now), now)
    await Phone.filter(id=row.phone_id).update(country=country)
    async with line_to(now, twilio_from=sender) as line:
        await attempts.send_due(line.messenger, line.settings, now)
        await line.provider.settle_down()
        assert ("eply" in line.provider.items[0].body) is asked


@pytest.mark.parametrize(
    ("sender", "country", "asked"),
    [
        ("+15005550006", "GB", True),
        ("MG" + "0" * 32, "GB", True),
        ("CityCare", "GB", False),
        ("+15005550006", "CN", False),
        ("+15005550006", "TW", False),
    ],
)
async def test_ben_is_told_to_reply_a_code_only_where_a_reply_can_come(
    database: str, now: datetime, sender: str, country: str, asked: bool
):
    case, responder = await an_outreach(now), await ben(now)
    responder.country = country
    await responder.save()
    offer = await an_offer(case, responder, now)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "responder": responder, "offer": offer}
    await Notice.create(outreach=case, queued_at=now, send_after=now, **given)
    async with line_to(now, twilio_from=sender) as line, httpx2.AsyncClient() as client:
        await notices.send_due(line.messenger, client, line.settings, now)
        await line.provider.settle_down()
        [text] = line.provider.items
    assert ("B7" in text.body, "eply" in text.body) == (asked, asked) and "Details in the app." in text.body


async def test_an_offer_from_a_name_whose_answer_was_lost_is_found_and_not_sent_twice(database: str, now: datetime):
    case, responder = await an_outreach(now), await ben(now)
    offer = await an_offer(case, responder, now)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "responder": responder, "offer": offer}
    await Notice.create(outreach=case, queued_at=now, send_after=now, **given)
    async with line_to(now, twilio_from="CityCare") as line, httpx2.AsyncClient() as client:
        line.provider.faults.append("lost")
        line.settings.public_url, public = "http://127.0.0.1:9", line.settings.public_url
        await notices.send_due(line.messenger, client, line.settings, now)
        line.settings.public_url = public
        assert await notices.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=15)) == 1
        await notices.send_due(line.messenger, client, line.settings, line.clock.time)
        assert line.provider.requests == 1
