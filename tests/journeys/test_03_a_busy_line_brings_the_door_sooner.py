"""Promise 3: a delivery failure, a busy line, voicemail or no answer brings the next step at once."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from tests.harness.story import Story, story


async def goes_to_the_door(tale: Story, outcome: str) -> None:
    """Ben takes the visit he was offered, arrives five minutes later and reports after five more."""
    offer = (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"][0]
    taken = await tale.call("ben", "POST", f"/api/offers/{offer['id']}/accept")
    assert taken.status_code == 200, taken.text
    for kind, found in (("arrived", None), ("outcome", outcome)):
        await tale.advance(minutes=5)
        body = {"id": str(uuid4()), "task_id": taken.json()["id"], "kind": kind, "outcome": found}
        body["made_at"] = tale.clock.now().isoformat()
        sent = await tale.call("ben", "POST", "/api/checkins", body)
        assert sent.status_code == 201, sent.text


@pytest.mark.parametrize("fault", ["busy", "no-answer"])
async def test_a_line_that_stays_busy_sends_ben_to_the_door_at_once(database: str, now: datetime, fault: str) -> None:
    async with story(now) as tale:
        tale.provider.faults.extend(["30003", fault])  # type: ignore[list-item]
        tale.ben.expect_sms()
        warned = await tale.warn()
        await tale.advance(minutes=0)
        assert not tale.ada.received
        await goes_to_the_door(tale, "convinced")
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
        await goes_to_the_door(tale, "nobody_home")
        await tale.advance(minutes=15)
        assert len([item for item in tale.ben.received if "a visit" in item.body]) == 1
        await tale.advance(minutes=6)
        await goes_to_the_door(tale, "convinced")
        assert (await tale.status_of(warned))["status"] == "convinced"
