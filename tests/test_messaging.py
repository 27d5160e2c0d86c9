"""What is said, to which country, how a lost or refused send shows, and whose callbacks are believed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from outreach.messaging import AnswerLost, SendRefused, compose, language_for, rules_of, to_resident
from outreach.messaging.texts import LANGUAGES, words_in
from outreach.messaging.twilio import TwilioMessenger, check_signature, sign
from outreach.settings import Settings
from tests.harness.adas_case import ADA
from tests.harness.provider_side import line_to

TO_RESIDENTS = ("warned", "warned_one_way", "welfare", "welfare_one_way", "please_call")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TO_RESIDENTS)
def test_a_text_to_a_resident_names_the_service_and_holds_no_link_money_code_app_or_danger(key: str, language: str):
    text = to_resident(key, language, service="City Care", hotline="", replies=True)
    assert "City Care" in text
    forbidden = (
        r"http|www|\.com|fraud|scam|police|bank|pay|money|transfer|code|app\b|诈骗|转账|验证码|银行|警|下载|应用|钱"
    )
    assert not re.search(forbidden, text, re.IGNORECASE)


def test_every_language_has_every_word():
    assert words_in("zh-CN").keys() == words_in("en").keys()


def test_two_texts_to_ada_are_never_identical():
    texts = {to_resident("warned", "zh-CN", service="S", hotline="", replies=False, n=n) for n in range(1, 6)}
    assert len(texts) == 5


def test_a_resident_is_written_to_in_her_language_or_in_the_citys():
    assert [language_for(wanted, "zh-CN") for wanted in ("en-GB", "zh", "fr", None)] == [
        "en",
        "zh-CN",
        "zh-CN",
        "zh-CN",
    ]


def test_a_text_to_china_asks_for_no_reply_and_the_call_is_not_tried():
    assert not rules_of("CN").voice and not rules_of("CN").replies and rules_of("gb").voice
    assert "回复" not in to_resident("warned", "zh-CN", service="S", hotline="", replies=False)


def test_the_hotline_is_in_a_text_where_the_country_allows_numbers():
    assert "12345" in to_resident("warned", "en", service="S", hotline="12345", replies=True)
    assert compose("hotline", "zh-CN", number="12345") == "我们的电话：12345。"


async def test_a_text_that_twilio_takes_has_its_id(now: datetime):
    async with line_to(now) as line:
        accepted = await line.messenger.send_sms(ADA, "hello", f"{line.settings.public_url}/nowhere")
        assert accepted.sid == line.provider.items[0].sid and line.provider.items[0].body == "hello"


async def test_a_refusal_says_its_code_and_whether_trying_again_is_useless(now: datetime):
    async with line_to(now) as line:
        line.provider.faults.append("429")
        with pytest.raises(SendRefused) as busy:
            await line.messenger.send_sms(ADA, "hello", "http://127.0.0.1:9/")
        with pytest.raises(SendRefused) as wrong:
            await line.messenger.send_sms("nonsense", "hello", "http://127.0.0.1:9/")
        assert (busy.value.permanent, wrong.value.permanent, wrong.value.code) == (False, True, "21211")


async def test_an_answer_that_never_comes_is_lost_and_not_a_refusal(now: datetime):
    async with line_to(now, provider_timeout_s=0.1) as line:
        line.provider.faults.extend(["hang", "lost", "500"])
        for _ in range(3):
            with pytest.raises(AnswerLost):
                await line.messenger.send_sms(ADA, "hello", "http://127.0.0.1:9/")


async def test_where_no_connection_is_made_nothing_was_sent():
    given = {"twilio_from": "+15005550006", "twilio_api_url": "http://127.0.0.1:9"}
    messenger = TwilioMessenger(Settings(twilio_account_sid="AC1", twilio_auth_token="t", **given))
    with pytest.raises(SendRefused) as refused:
        await messenger.call(ADA, "http://127.0.0.1:9/", "http://127.0.0.1:9/")
    await messenger.close()
    assert refused.value.code == "no_connection" and not refused.value.permanent


async def test_a_lost_text_is_found_by_number_words_and_time(now: datetime):
    async with line_to(now) as line:
        await line.messenger.send_sms(ADA, "first", "http://127.0.0.1:9/")
        found = await line.messenger.find("sms", ADA, "first", now)
        assert [one.sid for one in found] == [line.provider.items[0].sid]
        assert await line.messenger.find("sms", ADA, "second", now) == []
        assert await line.messenger.find("sms", ADA, "first", now + timedelta(minutes=1)) == []


def test_a_callback_without_a_signature_or_with_anothers_is_not_believed():
    form = {"MessageStatus": "delivered"}
    assert not check_signature("t", "https://x.example/a", form, None)
    assert not check_signature("t", "https://x.example/a", form, "bm9wZQ==")


def test_without_a_token_of_our_own_no_callback_counts() -> None:
    """An installation without an account would else believe whoever signs with an empty key."""
    url, form = "https://care.example/twilio/sms", {"From": "+12025550123", "Body": "1"}
    assert not check_signature("", url, form, sign("", url, form))
    assert check_signature("ours", url, form, sign("ours", url, form))
