"""Whoever carries our texts and calls keeps the same contract, is chosen by name, and knows what it can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from outreach.app import messenger_of
from outreach.errors import MisSet
from outreach.messaging import SendRefused
from outreach.messaging.contract import ContractLine, MessengerContract
from outreach.messaging.twilio import TwilioMessenger
from outreach.messaging.unset import UnsetMessenger
from outreach.settings import Settings
from tests.harness.adas_case import ADA
from tests.harness.provider_side import line_to

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
