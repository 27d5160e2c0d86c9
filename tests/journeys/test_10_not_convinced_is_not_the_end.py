"""Promise 10: not convinced is not the end: follow-ups are scheduled by policy."""

from __future__ import annotations

from datetime import datetime

from tests.harness.story import story


async def test_ada_is_not_convinced_so_ben_is_asked_to_call_her_half_an_hour_later(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("not_convinced")
        target = (await tale.status_of(warned))["targets"][0]
        assert target["reached_at"] and not target["convinced_at"] and not target["ended_at"]
        assert (await tale.case(warned)).json()["status"] == "following_up"
        await tale.advance(minutes=29)
        assert (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"] == []
        tale.ben.expect_sms("a call asked")
        await tale.advance(minutes=2)
        offers = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]
        assert [offer["kind"] for offer in offers] == ["call"]
        await tale.report_outcome("convinced")
        assert (await tale.status_of(warned))["status"] == "convinced"
        counts = (await tale.report())["total"]["counts"]
        assert (counts["reached"], counts["convinced"]) == (1, 1), counts
