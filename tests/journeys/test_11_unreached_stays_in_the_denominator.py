"""Promise 11: when time runs out the outreach ends unreached with its reason, and the report keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.harness.story import story


async def test_a_warning_that_expires_unanswered_ends_unreached_and_counts(database: str, now: datetime) -> None:
    async with story(now) as tale:
        tale.ada.expect_sms()
        expires = (now + timedelta(hours=1)).isoformat()
        warned = await tale.warn(severity="low", expires_at=expires)
        await tale.advance(minutes=61)
        told = await tale.status_of(warned)
        (target,) = told["targets"]
        assert (told["status"], target["end_reason"]) == ("unreached", "no_answer")
        counts = (await tale.report())["total"]["counts"]
        assert (counts["warned"], counts["ended_unreached"]) == (1, 1), counts


async def test_an_exercise_rings_nobody_and_is_not_counted(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await tale.warn(exercise=True)
        await tale.advance(minutes=10)
        assert tale.provider.items == []
        assert (await tale.report())["total"]["counts"]["warned"] == 0
