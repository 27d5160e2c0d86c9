"""Promise 6: a check-in made without signal arrives later, once, and counts at the time it was made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx2

from tests.harness.story import Story, story

FAST = timedelta(minutes=40)
"""How far Ben's phone is ahead of the time."""


async def in_ben_s_hands(tale: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ada's warning, and the visit that Ben took at once because text and line failed."""
    tale.provider.faults.extend(["30003", "busy"])
    tale.ben.expect_sms()
    warned = await tale.warn()
    await tale.advance(minutes=0)
    return warned, await tale.accept_offer()


async def sent(tale: Story, body: dict[str, Any]) -> httpx2.Response:
    """Ben's phone sends it, telling its own wrong time."""
    said = (tale.clock.now() + FAST).isoformat()
    return await tale.call("ben", "POST", "/api/checkins", body, **{"Phone-Now": said})


async def test_a_check_in_25_minutes_late_from_a_phone_40_minutes_fast_counts_when_it_was_made(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        warned, task = await in_ben_s_hands(tale)
        await tale.advance(minutes=5)
        met_at = tale.clock.now()
        body = tale.check_in(task["id"], "outcome", "convinced") | {"made_at": (met_at + FAST).isoformat()}
        await tale.advance(minutes=25)
        first = await sent(tale, body)
        again = [await sent(tale, body) for _ in range(3)]
        assert (first.status_code, [each.status_code for each in again]) == (201, [200] * 3), first.text
        assert all(each.json() == first.json() for each in again)
        target = (await tale.status_of(warned))["targets"][0]
        assert datetime.fromisoformat(target["reached_at"]) == met_at
        kept = (await tale.case(warned)).json()["check_ins"]
        assert [(each["clock_error_s"], each["bounded"]) for each in kept] == [(-FAST.total_seconds(), False)]
        assert (await tale.report())["total"]["counts"]["reached"] == 1


async def test_a_check_in_of_a_visit_taken_from_ben_meanwhile_is_kept_and_flagged(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned, task = await in_ben_s_hands(tale)
        await tale.advance(minutes=5)
        body = tale.check_in(task["id"], "outcome", "nobody_home")
        tale.ben.expect_sms("called off")
        tale.dov.expect_sms("given you a visit")
        version = (await tale.case(warned)).headers["etag"]
        given = {"responder_id": str(tale.cast.dov.id), "reason": "closer"}
        assert (await tale.decide(warned, "reassign", version, **given)).status_code == 200
        await tale.advance(minutes=1)
        assert (await tale.call("ben", "POST", "/api/checkins", body)).status_code == 201
        kept = (await tale.case(warned)).json()["check_ins"]
        assert [each["after_handover"] for each in kept] == [True]
        assert len((await tale.call("dov", "GET", "/api/me/tasks")).json()["tasks"]) == 1
