"""What was found has its consequence: an emergency alarms at once, a wrong number or place is tried no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models import Notice
from tests.harness.cast import ADA_PHONE, HOME
from tests.harness.story import story


async def test_ben_finds_that_the_money_is_gone_and_cleo_is_alarmed_at_once(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("defrauded")
        word = await Notice.get(kind="emergency")
        assert (word.coordinator_id, word.queued_at) == (tale.cast.cleo.id, tale.clock.now())
        case = (await tale.case(warned)).json()
        [line] = [line for line in case["timeline"] if line["kind"] == "emergency"]
        assert line["data"] == {"outcome": "defrauded", "coordinators": 1}
        assert (case["status"], case["acknowledged_at"]) == ("following_up", None)


async def test_cleo_rings_a_wrong_number_and_nobody_rings_it_again(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await tale.warn()
        path = f"/api/outreaches/{warned['outreach_id']}/contact"
        said = await tale.call("cleo", "POST", path, {"outcome": "wrong_number"})
        assert (said.status_code, said.json()["contacted_at"]) == (200, None)
        tale.ben.expect_sms("a visit asked")
        await tale.advance(minutes=0)
        assert [offer["kind"] for offer in (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]] == [
            "visit"
        ]
        task = await tale.accept_offer()
        assert task["resident"]["phones"] == []
        await tale.advance(minutes=20)
        # The call by machine and the text had been due at the same moment as the warning: Ada's phone never rang.
        assert not tale.ada.received


async def test_ben_finds_the_address_wrong_and_is_asked_to_ring_ada_and_not_to_go_again(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        tale.ben.expect_sms("a call asked")
        await tale.report_outcome("wrong_address")
        await tale.advance(minutes=0)
        assert [word.outreach_id for word in await Notice.filter(kind="locate")] == [UUID(warned["outreach_id"])]
        offers = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]
        assert [offer["kind"] for offer in offers] == ["call"]
        task = await tale.accept_offer()
        assert (task["kind"], task["resident"]["addresses"]) == ("call", [])
        await tale.advance(minutes=10)


async def test_where_the_bank_knows_another_place_ben_goes_there(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked").expect_sms("a call asked")
        await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("wrong_address")
        await tale.advance(minutes=0)
        tale.ben.expect_sms("a visit asked")
        place = {"address": "3 Willow Lane", "location": {"lat": HOME[0], "lon": HOME[1]}}
        await tale.warn("w-2", resident={"phone": ADA_PHONE, "name": "Ada"} | place)
        await tale.advance(minutes=3)
        offers = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]
        assert "visit" in {offer["kind"] for offer in offers}


async def test_a_follow_up_call_to_a_wrong_number_is_not_asked_for_again(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("not_convinced")
        tale.ben.expect_sms("a call asked")
        await tale.advance(minutes=31)
        await tale.report_outcome("wrong_number", minutes=1)
        await tale.advance(minutes=30)
        assert (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"] == []
