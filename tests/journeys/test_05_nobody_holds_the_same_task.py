"""Promise 5: a decline brings the next, two never hold the same task, and nobody is booked past their capacity."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

from outreach.models import Responder, Shift
from tests.harness.cast import BEN_PHONE
from tests.harness.story import story


async def test_when_ben_declines_and_nobody_is_left_cleo_is_told_why(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms()
        warned = await tale.warn()
        await tale.advance(minutes=0)
        offer = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"][0]
        said = await tale.call("ben", "POST", f"/api/offers/{offer['id']}/decline", {"reason": "too_far"})
        assert said.status_code == 200, said.text
        await tale.advance(minutes=1)
        case = await tale.call("cleo", "GET", f"/api/outreaches/{warned['outreach_id']}")
        lines = case.json()["timeline"]
        told = [(line["data"]["task_kind"], line["data"]["name"]) for line in lines if line["kind"] == "shortage"]
        assert told == [("visit", "NobodyLeft")], lines


async def test_dov_from_elsewhere_may_not_take_what_ben_was_offered(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms()
        await tale.warn()
        await tale.advance(minutes=0)
        offer = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"][0]
        assert (await tale.call("dov", "POST", f"/api/offers/{offer['id']}/accept")).status_code == 404


async def test_when_ben_and_dov_accept_at_once_one_holds_it_and_the_other_is_told(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await Shift.create(responder=tale.cast.dov, starts_at=now, ends_at=now + timedelta(hours=8))
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        tale.dov.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        both = ("ben", "dov")
        offers = [(await tale.call(who, "GET", "/api/me/offers")).json()["offers"][0]["id"] for who in both]
        said = await asyncio.gather(
            *(tale.call(who, "POST", f"/api/offers/{offer}/accept") for who, offer in zip(both, offers, strict=True))
        )
        assert sorted(answer.status_code for answer in said) == [200, 409], [answer.text for answer in said]
        first = both[0] if said[0].status_code == 200 else both[1]
        refused = next(answer for answer in said if answer.status_code == 409).json()
        assert (refused["type"], refused["detail"]) == (
            "urn:outreach:AlreadyTaken",
            "Somebody else took this first. Thank you.",
        )
        held = {who: len((await tale.call(who, "GET", "/api/me/tasks")).json()["tasks"]) for who in both}
        assert held == {who: int(who == first) for who in both}
        assert [task["status"] for task in (await tale.case(warned)).json()["tasks"]] == ["accepted"]


async def test_ben_whose_places_are_all_taken_is_told_to_close_one_first(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await Responder.filter(id=tale.cast.ben.id).update(capacity=1)
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked").expect_sms("a call asked")
        await tale.warn()
        await tale.advance(minutes=2)
        offers = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]
        said = [await tale.call("ben", "POST", f"/api/offers/{offer['id']}/accept") for offer in offers]
        assert [answer.status_code for answer in said] == [200, 409], [answer.text for answer in said]
        assert said[1].json()["type"] == "urn:outreach:AtCapacity"
        assert len((await tale.call("ben", "GET", "/api/me/tasks")).json()["tasks"]) == 1
        assert (await tale.call("ben", "GET", "/api/me")).json()["load"] == 1


async def test_ben_who_texts_the_code_after_the_lapse_hears_that_it_was_passed_on(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked").expect_sms("a call asked")
        warned = await tale.warn()
        await tale.advance(minutes=4)
        tale.ben.expect_sms("you cannot take the task in Willow Lane now (it was passed on)")
        assert await tale.provider.inbound(BEN_PHONE, code_in(tale.ben.received[0].body)) == 200
        await tale.settle()
        assert (await tale.case(warned)).json()["tasks"] == []


async def test_ben_who_texts_the_code_in_time_has_the_visit_and_no_other_text(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        assert await tale.provider.inbound(BEN_PHONE, code_in(tale.ben.received[0].body)) == 200
        await tale.advance(minutes=1)
        [task] = (await tale.case(warned)).json()["tasks"]
        assert (task["status"], task["responder_id"]) == ("accepted", str(tale.cast.ben.id))


async def test_ben_who_texts_the_code_of_a_visit_that_dov_took_hears_so(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await Shift.create(responder=tale.cast.dov, starts_at=now, ends_at=now + timedelta(hours=8))
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        tale.dov.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        await tale.accept_offer("dov")
        tale.ben.expect_sms("is called off (somebody else took it)")
        await tale.settle()
        tale.ben.expect_sms("you cannot take the task in Willow Lane now (somebody else took it)")
        assert await tale.provider.inbound(BEN_PHONE, code_in(tale.ben.received[0].body)) == 200
        await tale.settle()
        [task] = (await tale.case(warned)).json()["tasks"]
        assert task["responder_id"] == str(tale.cast.dov.id)


def code_in(body: str) -> str:
    """The code to reply that an offer's text holds."""
    found = re.search(r"Reply (\w+) to take it", body)
    assert found, body
    return found[1]
