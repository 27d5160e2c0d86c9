"""What a country's numbers can do decides who rings and who writes; the person is reached all the same, and counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from outreach.models import Phone, Resident, Responder
from outreach.models.sealing import keyed_hash
from outreach.rehearsal.provider import Item
from tests.harness.story import Story, story

ADAS, BENS = "+8613800138001", "+8613900139002"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_ada_in_mainland_china_is_reached_by_a_one_way_text_a_human_call_and_a_visit(
    database: str, now: datetime, language: str
) -> None:
    async with story(now) as tale:
        await in_mainland_china(tale, language)
        tale.ada.expect_sms()
        warned = await tale.warn(severity="medium")
        await tale.advance(minutes=0)
        [text] = tale.ada.received
        assert asks_for_no_reply(text) and not any(letter.isdigit() for letter in text.body)

        # No machine can ring her: people are asked when it would have rung, not four minutes later.
        tale.ben.expect_sms()
        await tale.advance(minutes=3)
        assert [offer["kind"] for offer in await offers_to_ben(tale)] == ["call"]

        # Nobody answers him: the door at once, and the line again beside it.
        tale.ben.expect_sms().expect_sms()
        await tale.report_outcome("no_answer", minutes=1)
        await tale.advance(minutes=0)
        assert [offer["kind"] for offer in await offers_to_ben(tale)] == ["visit", "call"]
        assert all(asks_for_no_reply(item) for item in tale.ben.received)

        await tale.report_outcome("convinced")
        assert (await tale.status_of(warned))["status"] == "convinced"
        assert await what_reached(tale) == {"visit": 1}
        assert {item.kind for item in tale.provider.items} == {"sms"}
        case = (await tale.case(warned)).json()
        assert [attempt["channel"] for attempt in case["attempts"]] == ["sms"]


async def test_where_both_can_speak_a_key_at_medium_severity_ends_the_machines_part_and_counts_as_reached(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        tale.ada.expect_sms("Reply 1").expect_call().then_press("1")
        warned = await tale.warn(severity="medium")
        await tale.advance(minutes=3)
        [text, call] = tale.ada.received
        assert text.kind == "sms" and call.keys == ["1"]
        assert (await tale.status_of(warned))["status"] == "convinced"
        assert await what_reached(tale) == {"voice": 1}

        # Nothing more rings or writes, and nobody is sent.
        await tale.advance(minutes=60)
        assert await offers_to_ben(tale) == []
        assert len(tale.provider.items) == 2


async def in_mainland_china(tale: Story, language: str) -> None:
    """Ada and Ben have numbers of mainland China, and read `language`."""
    tale.ada.number, tale.ben.number = ADAS, BENS
    of_ada = {"number": ADAS, "number_hash": keyed_hash(ADAS), "country": "CN"}
    of_ben = {"number": BENS, "number_hash": keyed_hash(BENS), "country": "CN", "language": language}
    await Phone.filter(id=tale.cast.ada_phone.id).update(**of_ada)
    await Resident.filter(id=tale.cast.ada.id).update(language=language)
    await Responder.filter(id=tale.cast.ben.id).update(**of_ben)


def asks_for_no_reply(text: Item) -> bool:
    """Whether this text asks for none, since none can come."""
    return "Reply" not in text.body and "回复" not in text.body


async def offers_to_ben(tale: Story) -> list[dict[str, Any]]:
    """What Ben is asked to do now."""
    asked: list[dict[str, Any]] = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]
    return asked


async def what_reached(tale: Story) -> dict[str, int]:
    """How many the report says were reached, by the channel that reached them."""
    total = (await tale.report())["total"]
    found = {cause["name"]: cause["count"] for cause in total["channels"]}
    assert sum(found.values()) == total["counts"]["reached"]
    return found
