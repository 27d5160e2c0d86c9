"""Promise 9: an opt-out is kept and shown, and never closes a case by itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from outreach.models import OptOut, Phone, Resident, TrustedContact
from outreach.models.sealing import keyed_hash, name_hash
from tests.harness.cast import DOV_PHONE
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


async def test_on_a_number_that_two_share_the_wish_is_shown_on_both_cases_as_made_for_the_number(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        phone = tale.cast.ada_phone
        shared = {"number": phone.number, "number_hash": phone.number_hash, "country": "GB", "made_at": now}
        await Resident.filter(id=tale.cast.ada.id).update(name_hash=name_hash("Ada"))
        named = {"name": "Eve", "name_hash": name_hash("Eve"), "language": "en"}
        eve = await Resident.create(area=tale.cast.grid, made_at=now, **named)
        eves = await Phone.create(resident=eve, **shared)
        of_ada = await tale.warn(severity="medium", resident={"phone": phone.number, "name": "Ada"})
        of_eve = await tale.warn("w-2", severity="medium", resident={"phone": phone.number, "name": "Eve"})
        tale.ada.expect_sms().then_reply("STOP").expect_sms()
        await tale.advance(minutes=1)
        for warned, theirs in ((of_ada, phone), (of_eve, eves)):
            [wish] = (await tale.case(warned)).json()["resident"]["opt_outs"]
            assert (wish["phone_id"], wish["made_for_number"], wish["channel"]) == (str(theirs.id), True, "sms")


async def test_a_wish_of_adas_own_is_shown_as_hers_and_her_sons_as_made_for_his_number(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        ada, sons = tale.cast.ada, {"number": DOV_PHONE, "number_hash": keyed_hash(DOV_PHONE), "country": "GB"}
        son = await TrustedContact.create(resident=ada, name="Joe", relation="son", consent_at=now, **sons)
        hers = {"resident_id": ada.id, "number_hash": tale.cast.ada_phone.number_hash}
        await OptOut.create(channel="voice", origin="provider", at=now, **hers)
        await OptOut.create(channel="sms", origin="sms_reply", at=now, number_hash=son.number_hash)
        tale.ada.expect_sms()
        warned = await tale.warn(severity="medium")
        await tale.advance(minutes=1)
        shown = {each["channel"]: each for each in (await tale.case(warned)).json()["resident"]["opt_outs"]}
        assert (shown["voice"]["made_for_number"], shown["voice"]["trusted_contact_id"]) == (False, None)
        assert (shown["sms"]["made_for_number"], shown["sms"]["trusted_contact_id"]) == (True, str(son.id))
