"""A pause holds back a case's own messages and nobody else's; one that lasts is said on the board."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx2

from outreach import notices
from outreach.clockwork import jobs_of
from outreach.models import Attempt, Notice, Outreach
from outreach.models.states import Channel, EndState, SendStatus, Severity
from outreach.outcomes import SYSTEM, end_outreach, pause, resume
from outreach.reports.keeping_up import behind
from outreach.settings import Settings
from tests.harness.adas_case import an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import line_to
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


async def test_the_messages_of_a_paused_case_wait_untouched_and_take_nothing_of_what_others_may_send(
    database: str, now: datetime
) -> None:
    paused = await an_outreach(now)
    same = ("resident_id", "category_id", "policy_id", "area_id", "severity")
    times = dict.fromkeys(("opened_at", "ladder_from", "step_at", "due_at"), now)
    other = await Outreach.create(family="welfare", **{name: getattr(paused, name) for name in same}, **times)
    waiting = [await an_attempt(paused, now, channel, urgent=True) for channel in (Channel.SMS, Channel.VOICE)]
    await Outreach.filter(id=paused.id).update(paused_at=now)
    before = await Attempt.all().order_by("id").values()
    async with line_to(now, texts_per_s=1, calls_per_s=1) as line:
        for _ in range(3):
            assert await line.send() == 0
            line.clock.advance(seconds=1)
        assert await Attempt.all().order_by("id").values() == before
        await an_attempt(other, now)
        assert await line.send() == 1
        await Outreach.filter(id=paused.id).update(paused_at=None)
        line.clock.advance(seconds=1)
        assert await line.send() == 2
    gone = await Attempt.filter(id__in=[row.id for row in waiting])
    assert {row.status for row in gone} == {SendStatus.DELIVERED, SendStatus.ANSWERED}


async def test_the_urgent_texts_of_a_paused_case_keep_no_word_from_ben(database: str, now: datetime) -> None:
    case, responder = await an_outreach(now), await ben(now)
    await an_attempt(case, now, urgent=True)
    offer = await an_offer(case, responder, now)
    given = {"audience": "responder", "channel": "sms", "kind": "called_off", "queued_at": now, "send_after": now}
    await Notice.create(offer=offer, outreach=case, responder_id=responder.id, **given)
    async with line_to(now, texts_per_s=1) as line, httpx2.AsyncClient() as client:
        assert await notices.send_due(line.messenger, client, line.settings, now) == 0
        await Outreach.filter(id=case.id).update(paused_at=now)
        assert await notices.send_due(line.messenger, client, line.settings, now) == 1


async def test_the_texts_of_a_paused_case_are_not_late_until_it_goes_on(database: str, now: datetime) -> None:
    case = await an_outreach(now)
    await an_attempt(case, now - 10 * MINUTE)
    assert (await behind(now)).attempts.count == 1
    await Outreach.filter(id=case.id).update(paused_at=now - 5 * MINUTE)
    assert (await behind(now)).attempts.count == 0
