"""Promise 9: an opt-out is kept and shown, and never closes a case by itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.harness.story import story


@pytest.mark.parametrize("word", ["退订", "STOP"])
async def test_a_wish_for_no_more_texts_is_kept_and_the_case_goes_on_by_other_ways(
    database: str, now: datetime, word: str
) -> None:
    async with story(now) as tale:
        first = await tale.warn(severity="medium")
        tale.ada.expect_sms("City Care").then_reply(word)
        tale.ben.expect_sms("a call asked")
        await tale.advance(minutes=8)
        case = await tale.case(first)
        assert case.json()["status"] == "open" and case.json()["ended_at"] is None
        kept = case.json()["resident"]["opt_outs"]
        assert [(each["channel"], each["origin"], each["lifted_at"]) for each in kept] == [("sms", "sms_reply", None)]
        tale.ben.expect_sms("called off")
        closed = await tale.decide(first, "close", case.headers["etag"], reason="tried_enough")
        assert closed.status_code == 200, closed.text
        await tale.settle()
        second = await tale.warn("w-2", severity="medium")
        assert second["outreach_id"] != first["outreach_id"]
        tale.ada.expect_call().then_press("1")
        await tale.advance(minutes=5)
        assert [item.kind for item in tale.ada.received] == ["sms", "voice"]
        assert (await tale.status_of(second))["status"] == "convinced"


async def test_at_high_severity_a_wish_to_be_left_alone_brings_the_door_forward(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await tale.warn()
        tale.provider.faults.append("silent")
        tale.ada.expect_sms().then_reply("STOP").expect_call()
        tale.ben.expect_sms("a visit asked")
        await tale.settle()
        assert len((await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]) == 1
        assert (await tale.status_of(warned))["status"] == "contacted"
