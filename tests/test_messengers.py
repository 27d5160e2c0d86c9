"""Whoever carries our texts and calls keeps the same contract, is chosen by name, and knows what it can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from outreach import attempts
from outreach.app import messenger_of
from outreach.errors import MisSet
from outreach.messaging import SendRefused
from outreach.messaging.contract import ContractLine, MessengerContract
from outreach.messaging.twilio import TwilioMessenger
from outreach.messaging.unset import UnsetMessenger
from outreach.models import Notice, Phone
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.harness.adas_case import ADA, an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import line_to

pytestmark = pytest.mark.slow

OURS = "http://127.0.0.1:9/"


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


def test_only_a_number_can_call_and_only_a_number_or_service_hears_replies():
    can = {sender: TwilioMessenger(_with(sender)).can for sender in ("+15005550006", "MG0", "CityCare")}
    assert can == {
        "+15005550006": {"sms", "voice", "two_way", "status"},
        "MG0": {"sms", "two_way", "status"},
        "CityCare": {"sms", "status"},
    }


def _with(sender: str) -> Settings:
    return Settings(twilio_account_sid="AC1", twilio_auth_token="t", twilio_from=sender)


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


@pytest.mark.parametrize(("country", "asked"), [("GB", True), ("CN", False), ("TW", False)])
async def test_ben_is_told_to_reply_a_code_only_where_a_reply_can_come(
    database: str, now: datetime, country: str, asked: bool
):
    case, responder = await an_outreach(now), await ben(now)
    responder.country = country
    await responder.save()
    offer = await an_offer(case, responder, now)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "responder": responder, "offer": offer}
    row = await Notice.create(outreach=case, queued_at=now, send_after=now, **given)
    words = await text_of(row, Settings(language="en"))
    assert words is not None and ("B7" in words[1]) is asked
