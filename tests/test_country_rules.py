"""Every text of ours keeps to what its country allows: to residents, to those who help, in drills, to test phones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.resources import files
from uuid import uuid4

import pytest
import yaml

from outreach import notices
from outreach.messaging import rules_of, to_resident
from outreach.messaging.texts import LANGUAGES, TO_CONTACT, TO_RESIDENT, holds_link, words_in
from outreach.models import Notice
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.harness.adas_case import an_offer, an_outreach, ben

pytestmark = pytest.mark.slow
COUNTRIES = [
    code
    for code in yaml.safe_load(files("outreach.messaging").joinpath("countries.yaml").read_text(encoding="utf-8"))
    if len(code) == 2
]
EVERYWHERE = [*COUNTRIES, "ZZ"]
"""Every country we have rules for, and one that we have none for."""
TO_RESPONDER = ("offer", "handed_over", "called_off", "not_taken", "coordinator_alarm", "sign_in")
OF_OURS = ("canary", "drill")
SPOKEN, PIECES = re.compile("voice_|drill_|line_"), re.compile("hotline|again|offer_reply|visit|call|why_.*|.*_word")
SERVICE, HOTLINE = "Linhai City Care Service", "+86 571 9611 0110"
ANSWER = re.compile(r"\b(reply|answer|respond|text us|write back)\b|回复|回信|回短信", re.I)
RING_BACK = re.compile(r"\bthis (number|phone|line|sender)\b|\b(call|ring) (us )?back\b|此号|本号|该号|回拨|回电", re.I)


@dataclass(frozen=True)
class Text:
    """One text as it leaves, by its template."""

    key: str
    country: str
    body: str


def to_residents(two_way: bool) -> Iterator[Text]:
    """Every text to a resident or who they named, in every country and language; `two_way`: our sender hears."""
    for country in EVERYWHERE:
        rules = rules_of(country)
        given = {"service": SERVICE, "hotline": HOTLINE if rules.numbers_in_text else "", "n": 2}
        for language in LANGUAGES:
            for key in (*TO_RESIDENT, *TO_CONTACT):
                word = "K7M4T" if key in TO_CONTACT else ""
                body = to_resident(key, language, replies=rules.answers_arrive(two_way), word=word, **given)
                yield Text(key, country, body)


async def every_text(two_way: bool, now: datetime) -> list[Text]:
    """Those, every text to a responder in every country and language, and those of drills and of the daily test."""
    found = [*to_residents(two_way), *[text async for text in _to_ben(two_way, now)]]
    settings = Settings(service_name=SERVICE, canary_to="+447911123456")
    for country in EVERYWHERE:
        found += [Text("drill", country, notices.drill_text(language, settings, now)) for language in LANGUAGES]
        for home in LANGUAGES:
            given = settings.model_copy(update={"language": home, "country": "GB"})
            told = notices.canary_text(Notice(kind="canary", data={"day": "11-24"}), given)
            found.append(Text("canary", country, told[1] if told else ""))
    return found


async def _to_ben(two_way: bool, now: datetime) -> AsyncIterator[Text]:
    case, responder = await an_outreach(now), await ben(now)
    offer = await an_offer(case, responder, now)
    given = {"audience": "responder", "channel": "sms", "responder": responder, "offer": offer, "outreach": case}
    why = [key.removeprefix("why_") for key in words_in("en") if key.startswith("why_")]
    kinds = [(kind, reason) for kind in TO_RESPONDER for reason in (why if kind == "called_off" else why[:1])]
    settings = Settings(service_name=SERVICE)
    for country in EVERYWHERE:
        for responder.language in LANGUAGES:
            responder.country = country
            await responder.save()
            for kind, reason in kinds:
                data = {"why": reason, "code_id": str(uuid4())}
                row = await Notice.create(kind=kind, data=data, queued_at=now, send_after=now, **given)
                told = await text_of(row, settings, two_way=two_way)
                assert told is not None
                yield Text(kind, country, told[1])


def test_every_template_is_looked_at_here() -> None:
    texts = {key for key in words_in("en") if not SPOKEN.match(key) and not PIECES.fullmatch(key)}
    residents = {*TO_RESIDENT, *TO_CONTACT}
    assert texts == residents | {f"{key}_one_way" for key in residents} | {*TO_RESPONDER, *OF_OURS}


async def test_no_text_holds_a_link_where_the_country_allows_none(database: str, now: datetime) -> None:
    texts = await every_text(True, now)
    assert len({(text.key, text.country) for text in texts}) == len(EVERYWHERE) * 12
    assert not [text for text in texts if holds_link(text.body) and not rules_of(text.country).links]


async def test_where_phones_show_another_sender_the_text_names_us_and_wants_no_answer(
    database: str, now: datetime
) -> None:
    shown_another = [text for text in await every_text(True, now) if not rules_of(text.country).sender_kept]
    assert {text.country for text in shown_another} >= {"CN", "TW"}
    for text in shown_another:
        assert SERVICE in text.body and not ANSWER.search(text.body), text


async def test_no_text_anywhere_sends_people_to_the_number_that_their_phone_shows(database: str, now: datetime) -> None:
    assert not [text for text in await every_text(True, now) if RING_BACK.search(text.body)]


async def test_no_text_asks_for_an_answer_that_would_not_arrive(database: str, now: datetime) -> None:
    asking = {(text.key, text.country) for text in await every_text(True, now) if ANSWER.search(text.body)}
    assert asking == {
        (key, country)
        for key in (*TO_RESIDENT, *TO_CONTACT, "offer")
        for country in EVERYWHERE
        if rules_of(country).replies and rules_of(country).sender_kept
    }


async def test_a_sender_that_hears_no_answers_asks_nobody_for_one(database: str, now: datetime) -> None:
    assert not [text for text in await every_text(False, now) if ANSWER.search(text.body)]


def test_an_answer_arrives_only_where_it_can_be_sent_to_a_sender_that_is_ours_and_hears_it() -> None:
    all_well = replace(rules_of("ZZ"), replies=True, sender_kept=True)
    assert all_well.answers_arrive(two_way=True) and not all_well.answers_arrive(two_way=False)
    for lacking in ({"replies": False}, {"sender_kept": False}):
        assert not replace(all_well, **lacking).answers_arrive(two_way=True)


@pytest.mark.parametrize(
    "link", ["https://care.example", "www.care.example", "see care.example/a", "关怀.cn查看", "bit.ly/1", "tel://1"]
)
def test_what_a_phone_would_make_a_link_of_is_seen(link: str) -> None:
    assert holds_link(link)


@pytest.mark.parametrize("words", ["St. Mary's Care", "S.O.S. Linhai", "24.11.", "call us. One of us", "临海市关怀。"])
def test_what_is_no_link_is_left_alone(words: str) -> None:
    assert not holds_link(words)
