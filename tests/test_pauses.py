"""A pause that lasts is said on the board: nobody is reached meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.clockwork import jobs_of
from outreach.models import Notice, Outreach
from outreach.models.states import EndState, Severity
from outreach.outcomes import SYSTEM, end_outreach, pause, resume
from outreach.settings import Settings
from tests.harness.town import Town, build_town

MINUTE = timedelta(minutes=1)


async def paused_town(now: datetime, severity: Severity = Severity.HIGH) -> Town:
    """Ada's case, paused now."""
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(severity=severity)
    await pause(await Outreach.get(id=town.outreach.id), "left_town", SYSTEM, now)
    return town


async def said_at(now: datetime, minutes: range) -> list[int]:
    """Let the cron's job look each minute, as two leaders would; answers at which of them the board had a new word."""
    [job] = [job for job in jobs_of(Settings()) if job.name == "pauses"]
    said, before = [], await Notice.filter(kind="still_paused").count()
    for minute in minutes:
        for _ in range(2):
            await job.work(now + minute * MINUTE)
        after = await Notice.filter(kind="still_paused").count()
        said += [minute] * (after - before)
        before = after
    return said


async def test_a_grave_case_that_is_paused_for_half_an_hour_is_said_once_and_again_after_another(
    database: str, now: datetime
) -> None:
    town = await paused_town(now)
    assert await said_at(now, range(25, 65, 1)) == [30, 60]
    words = await Notice.filter(kind="still_paused").order_by("queued_at")
    assert [(word.outreach_id, word.data) for word in words] == [
        (town.outreach.id, {"minutes": 30}),
        (town.outreach.id, {"minutes": 60}),
    ]


async def test_a_calm_case_may_rest_for_four_hours(database: str, now: datetime) -> None:
    await paused_town(now, Severity.LOW)
    assert await said_at(now, range(200, 260, 5)) == [240]


async def test_a_case_that_goes_on_or_has_ended_reminds_nobody_and_a_new_pause_counts_anew(
    database: str, now: datetime
) -> None:
    town = await paused_town(now)
    await resume(await Outreach.get(id=town.outreach.id), "came_back", SYSTEM, now + 20 * MINUTE)
    assert await said_at(now, range(20, 60, 10)) == []
    await pause(await Outreach.get(id=town.outreach.id), "left_town", SYSTEM, now + 60 * MINUTE)
    assert await said_at(now, range(60, 100, 10)) == [90]
    await end_outreach(await Outreach.get(id=town.outreach.id), EndState.CLOSED, "left_town", now + 100 * MINUTE)
    assert await said_at(now, range(100, 200, 10)) == []
