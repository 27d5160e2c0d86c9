"""Promise 12: nothing sent to a resident holds a link, asks for money, codes or apps, or names the danger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
import yaml

from outreach.messaging import rules_of, to_resident
from outreach.messaging.segments import segments
from outreach.messaging.texts import LANGUAGES, TO_CONTACT, TO_RESIDENT, compose, words_in

COUNTRIES = [
    code
    for code in yaml.safe_load(files("outreach.messaging").joinpath("countries.yaml").read_text(encoding="utf-8"))
    if len(code) == 2
]
EVERYWHERE = [*COUNTRIES, "ZZ"]
"""Every country we have rules for, and one that we have none for."""
MOST_SEGMENTS = 2
WORD = "K7M4T"
SERVICE, HOTLINE = {"en": "Linhai City Care Service", "zh-CN": "临海市民关怀服务中心"}, "+86 571 9611 0110"
LINK = re.compile(r"https?:|www\.|[a-z0-9-]\.(com|cn|net|org|info|io|link|ly)\b|://|[/@]", re.I)
ASKED = re.compile(
    r"\b(money|pay|transfer|bank|account|card|fee|refund|cash|pin|password|codes?|apps?|install)\b", re.I
)
ASKED_ZH = re.compile("钱|款|转账|汇|银行|账户|账号|卡|费|验证码|密码|应用|软件|下载|安装|链接|网址|点击")
DANGER = re.compile(r"\b(fraud\w*|scam\w*|crime|criminals?|police|flood\w*|heat|danger\w*|victim)\b", re.I)
DANGER_ZH = re.compile("诈|骗|犯罪|公安|警|洪|高温|危险|受害")


def texts(language: str) -> Iterator[str]:
    """Every text a resident, or who they named, can get: in every country, with a hotline and without, and repeated."""
    for country in EVERYWHERE:
        for hotline in ("", HOTLINE):
            yield from texts_to(country, hotline, language)


def texts_to(country: str, hotline: str, language: str) -> Iterator[str]:
    """What may be sent there by a service that has that hotline, or none."""
    rules = rules_of(country)
    shown = hotline if rules.numbers_in_text else ""
    for key in (*TO_RESIDENT, *TO_CONTACT):
        for n in (1, 12):
            given = {"service": SERVICE[language], "hotline": shown, "replies": rules.replies, "n": n}
            yield to_resident(key, language, word=WORD if hotline and key in TO_CONTACT else "", **given)


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
    assert named <= {*TO_RESIDENT, *TO_CONTACT}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*TO_RESIDENT, *TO_CONTACT])
def test_every_text_is_written_in_every_language_for_two_ways_and_for_one(key: str, language: str) -> None:
    both, one = words_in(language)[key], words_in(language)[f"{key}_one_way"]
    asks = "回复" if language == "zh-CN" else "Reply"
    assert asks in both and asks not in one
    assert "{service}" in both and "{hotline}" in both and "{service}" in one and "{hotline}" in one


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_or_call_holds_a_link_or_asks_for_money_codes_or_apps(language: str) -> None:
    for said in (*texts(language), *spoken(language)):
        assert not LINK.search(said) and not ASKED.search(said) and not ASKED_ZH.search(said), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_reading_over_a_shoulder_learns_of_the_danger(language: str) -> None:
    for said in (*texts(language), *spoken(language)):
        assert not DANGER.search(said) and not DANGER_ZH.search(said), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", EVERYWHERE)
def test_every_text_names_the_service_and_the_hotline_only_where_a_text_may_hold_a_number(
    country: str, language: str
) -> None:
    for said in texts_to(country, HOTLINE, language):
        assert SERVICE[language] in said
        assert (HOTLINE in said) == rules_of(country).numbers_in_text
        assert re.search(r"[0-9]{4}", said) is None or rules_of(country).numbers_in_text
    assert not any(HOTLINE in said for said in texts_to(country, "", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_in_two_segments(language: str) -> None:
    for said in texts(language):
        assert segments(said) <= MOST_SEGMENTS, (segments(said), said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_whom_they_named_gets_a_case_word(language: str) -> None:
    given = {"service": SERVICE[language], "hotline": HOTLINE, "replies": True}
    assert all(WORD in to_resident(key, language, word=WORD, **given) for key in TO_CONTACT)
    assert not any(WORD in to_resident(key, language, word="", **given) for key in (*TO_RESIDENT, *TO_CONTACT))
