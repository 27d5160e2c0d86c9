"""Promise 3: a delivery failure, a busy line, voicemail or no answer brings the next step at once."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.harness.story import story


@pytest.mark.parametrize("fault", ["busy", "no-answer"])
async def test_a_line_that_stays_busy_sends_ben_to_the_door_at_once(database: str, now: datetime, fault: str) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", fault])  # type: ignore[list-item]
        tale.ben.expect_sms()
        warned = await tale.warn()
        await tale.advance(minutes=0)
        assert not tale.ada.received
        await tale.report_outcome("convinced")
        told = await tale.status_of(warned)
        assert told["status"] == "convinced"
        figures = await tale.report()
        assert figures["total"]["counts"]["convinced"] == 1


async def test_when_nobody_is_home_the_door_rests_twenty_minutes_and_is_tried_again(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit").expect_sms("a call").expect_sms("a visit")
        warned = await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("nobody_home")
        await tale.advance(minutes=15)
        assert len([item for item in tale.ben.received if "a visit" in item.body]) == 1
        await tale.advance(minutes=6)
        await tale.report_outcome("convinced")
        assert (await tale.status_of(warned))["status"] == "convinced"
