"""Promise 4: the first contact that the policy accepts stops everything else; at high severity a key is not enough."""

from __future__ import annotations

from datetime import datetime

from tests.harness.story import story


async def test_a_reply_at_medium_severity_ends_the_outreach_and_the_report_counts_it(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        warned = await tale.warn(severity="medium")
        tale.ada.expect_sms("City Care").then_reply("1")
        await tale.advance(minutes=30)
        told = await tale.status_of(warned)
        assert told["status"] == "convinced"
        figures = await tale.report()
        assert figures["total"]["counts"]["reached"] == 1, figures


async def test_a_key_at_high_severity_quiets_the_calls_and_ben_still_goes_to_the_door(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        warned = await tale.warn()
        tale.ada.expect_sms().expect_call().then_press("1")
        tale.ben.expect_sms()
        await tale.advance(minutes=1.5)
        offers = (await tale.call("ben", "GET", "/api/me/offers")).json()
        assert len(offers["offers"]) == 1
        assert (await tale.status_of(warned))["status"] == "contacted"
