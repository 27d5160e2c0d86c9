"""What was found has its consequence: an emergency alarms at once, a wrong number is rung no more."""

from __future__ import annotations

from datetime import datetime

from outreach.models import Notice
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
