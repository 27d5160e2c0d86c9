"""Promise 5: a decline brings the next, and nobody outside the area is asked."""

from __future__ import annotations

from datetime import datetime

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
        kinds = [(line["kind"], line["data"].get("shortage")) for line in case.json()["timeline"]]
        assert any(kind == "shortage" for kind, _ in kinds), kinds


async def test_dov_from_elsewhere_may_not_take_what_ben_was_offered(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms()
        await tale.warn()
        await tale.advance(minutes=0)
        offer = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"][0]
        assert (await tale.call("dov", "POST", f"/api/offers/{offer['id']}/accept")).status_code == 404
