"""Whose case is this word of? A trusted contact quotes it to the hotline, who asks by API."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx2
from structlog.testing import capture_logs

from outreach.attempts import case_word
from outreach.models import Event, Outreach, VisitCodeTry
from tests.web.conftest import Cast, an_outreach

HOTLINE = "Cleo at the hotline"


async def check(cast: Cast, word: str, whose: str = HOTLINE) -> httpx2.Response:
    """Cleo, at the hotline, was told this word."""
    return await cast.ask(whose, "POST", "/api/case-words/check", json={"word": word})


async def test_the_hotline_is_told_whose_case_a_word_is_of_and_the_look_stands_in_its_timeline(cast: Cast) -> None:
    case = await an_outreach(cast)
    word = case_word(UUID(case))
    for whose, said in ((HOTLINE, word), ("Cleo", f" {word[:2].lower()}-{word[2:]}. ")):
        assert (await check(cast, said, whose)).json() == {"outreach_ids": [case]}
    looks = await Event.filter(kind="case_word_checked", outreach_id=case)
    assert [look.actor_kind for look in looks] == ["coordinator", "coordinator"]


async def test_a_word_that_was_made_up_is_of_no_case(cast: Cast) -> None:
    await an_outreach(cast)
    answer = await check(cast, "A2A2A")
    assert answer.status_code == 200 and answer.json() == {"outreach_ids": []}
    assert not await Event.filter(kind="case_word_checked").exists()


async def test_dov_of_another_district_is_not_told_that_there_is_a_case(cast: Cast) -> None:
    word = case_word(UUID(await an_outreach(cast)))
    assert (await check(cast, word, "Dov")).json() == {"outreach_ids": []}
    assert not await Event.filter(kind="case_word_checked").exists()


async def test_the_word_of_a_case_that_has_ended_says_nothing(cast: Cast) -> None:
    case = await an_outreach(cast)
    ended = await cast.ask(
        "Cleo", "POST", f"/api/outreaches/{case}/close", headers={"If-Match": "*"}, json={"reason": "left_town"}
    )
    assert ended.status_code == 200
    assert (await check(cast, case_word(UUID(case)))).json() == {"outreach_ids": []}


async def test_ten_tries_in_an_hour_are_all_that_one_word_gets_however_it_is_typed(cast: Cast) -> None:
    word = case_word(UUID(await an_outreach(cast)))
    for number in range(10):
        assert (await check(cast, word if number % 2 else word.lower())).status_code == 200
        cast.clock.advance(timedelta(minutes=1))
    refused = await check(cast, word, "Cleo")
    assert refused.status_code == 429 and refused.json()["type"] == "urn:outreach:TooManyTries"
    assert int(refused.headers["retry-after"]) == 50 * 60
    cast.clock.advance(timedelta(minutes=50))
    assert (await check(cast, word)).status_code == 200


async def test_an_operator_has_sixty_tries_an_hour_and_visitors_codes_are_counted_apart(cast: Cast) -> None:
    word = case_word(UUID(await an_outreach(cast)))
    for number in range(60):
        assert (await check(cast, f"Z{number}")).status_code == 200
    assert (await check(cast, word)).status_code == 429
    assert (await cast.ask(HOTLINE, "POST", "/api/visit-codes/check", json={"code": "000000"})).status_code == 200


async def test_each_try_is_logged_and_no_word_is_kept_in_plain(cast: Cast) -> None:
    case = await an_outreach(cast)
    word = case_word(UUID(case))
    with capture_logs() as logged:
        await check(cast, word)
        await check(cast, "A2A2A")
    told = [entry["said"] for entry in logged if entry["event"] == "case_word_checked" and "said" in entry]
    assert told == ["yes", "no"]
    rows = await VisitCodeTry.filter(way="word")
    assert [row.said.value for row in sorted(rows, key=lambda row: row.id)] == ["yes", "no"]
    kept = str([(row.caller_hash, row.code_hash) for row in rows])
    assert word not in kept + str([{**entry, "outreach_id": ""} for entry in logged])
    assert await Outreach.filter(id=case).exists()
