"""Promise 12: nothing sent to a resident holds a link, asks for money, codes or apps, or names the danger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

import pytest

from outreach.messaging import to_resident
from outreach.messaging.texts import LANGUAGES, compose, words_in

TO_RESIDENTS = ("warned", "welfare", "please_call")
SERVICE, HOTLINE = {"en": "Linhai City Care Service", "zh-CN": "临海市民关怀服务中心"}, "+86 571 9611 0110"
LINK = re.compile(r"https?:|www\.|[a-z0-9-]\.(com|cn|net|org|info|io|link|ly)\b|://|[/@]", re.I)
ASKED = re.compile(
    r"\b(money|pay|transfer|bank|account|card|fee|refund|cash|pin|password|codes?|apps?|install)\b", re.I
)
ASKED_ZH = re.compile("钱|款|转账|汇|银行|账户|账号|卡|费|验证码|密码|应用|软件|下载|安装|链接|网址|点击")
DANGER = re.compile(r"\b(fraud\w*|scam\w*|crime|criminals?|police|flood\w*|heat|danger\w*|victim)\b", re.I)
DANGER_ZH = re.compile("诈|骗|犯罪|公安|警|洪|高温|危险|受害")
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€")


def segments(text: str) -> int:
    """How many SMS segments a text takes: GSM-7 (160, or 153 each) where it fits, else UCS-2 (70, or 67 each)."""
    if set(text) <= GSM | GSM_TWICE:
        septets = len(text) + sum(letter in GSM_TWICE for letter in text)
        return 1 if septets <= 160 else ceil(septets / 153)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else ceil(units / 67)


def texts(language: str) -> Iterator[str]:
    """Every text a resident, or who they named, can get: with and without replies, a hotline, and a repeat."""
    for key in TO_RESIDENTS:
        for replies in (True, False):
            for hotline in ("", HOTLINE):
                for n in (1, 12):
                    given = {"service": SERVICE[language], "hotline": hotline}
                    yield to_resident(key, language, replies=replies, n=n, **given)


def spoken(language: str) -> Iterator[str]:
    """Everything a call says."""
    for key in words_in(language):
        if key.startswith("voice_"):
            yield compose(key, language, service=SERVICE[language])


def test_the_fixed_words_are_there_in_every_language() -> None:
    assert len({frozenset(words_in(language)) for language in LANGUAGES}) == 1


def test_every_text_a_shipped_policy_names_is_looked_at_here() -> None:
    from tests.harness.adas_case import POLICIES

    named = {text for file in POLICIES.glob("*_*.yaml") for text in re.findall(r"text: (\w+)", file.read_text())}
    assert named <= set(TO_RESIDENTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_or_call_holds_a_link_or_asks_for_money_codes_or_apps(language: str) -> None:
    for said in (*texts(language), *spoken(language)):
        assert not LINK.search(said) and not ASKED.search(said) and not ASKED_ZH.search(said), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_reading_over_a_shoulder_learns_of_the_danger(language: str) -> None:
    for said in (*texts(language), *spoken(language)):
        assert not DANGER.search(said) and not DANGER_ZH.search(said), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_names_the_service_and_the_hotline_where_one_may_be_named(language: str) -> None:
    for said in texts(language):
        assert SERVICE[language] in said
    held = [HOTLINE in said for said in texts(language)]
    assert held.count(True) == len(held) // 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_in_two_segments(language: str) -> None:
    for said in texts(language):
        assert segments(said) <= 2, (segments(said), said)


def test_segments_are_counted_as_the_networks_count_them() -> None:
    assert [segments("a" * n) for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [segments("好" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert (segments("€" * 80), segments("€" * 81)) == (1, 2)
