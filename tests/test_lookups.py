"""A send whose answer or last word was lost is asked after: soon enough for Ada, and never sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach import attempts
from outreach.models import Attempt, Outreach
from outreach.models.states import Channel, EndState, OutreachStatus, SendStatus
from tests.harness.adas_case import an_attempt, an_outreach
from tests.harness.provider_side import Line, line_to

pytestmark = pytest.mark.slow

LAG = timedelta(seconds=5)
NOWHERE = "http://127.0.0.1:9"


async def look(line: Line, **later: float) -> int:
    return await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(**later))


async def test_what_never_arrived_is_sent_again_within_half_a_minute(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.faults.append("500")
        await line.send()
        for _ in range(3):
            await look(line, seconds=10)
        await line.send()
        assert (await Attempt.get(id=row.id)).sending_at == now + timedelta(seconds=30)
        assert len(line.provider.items) == 1


async def test_a_text_that_the_lists_do_not_show_yet_is_not_sent_again(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.list_lag, line.settings.public_url = LAG, NOWHERE
        line.provider.faults.append("lost")
        # It waited long for its slot: taken up at `now`, accepted and lost 48 seconds later.
        line.clock.advance(seconds=48)
        await attempts.send_due(line.messenger, line.settings, now)
        await line.provider.settle_down()
        assert await look(line, seconds=2) == 0
        assert (await Attempt.get(id=row.id)).status is SendStatus.UNKNOWN
        assert await line.send() == 0
        assert await look(line, seconds=10) == 1
        assert line.provider.requests == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


async def test_a_provider_that_cannot_be_asked_is_not_asked_every_second(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.faults.append("500")
        await line.send()
    async with line_to(now + timedelta(seconds=15), twilio_api_url=NOWHERE) as dead:
        await look(dead)
        kept = await Attempt.get(id=row.id)
    assert kept.status is SendStatus.UNKNOWN and kept.send_after == now + timedelta(seconds=25)


@pytest.mark.parametrize(
    ("channel", "minutes", "fault", "ends"),
    [
        (Channel.SMS, 60, "silent", SendStatus.DELIVERED),
        (Channel.VOICE, 10, "silent", SendStatus.ANSWERED),
    ],
)
async def test_a_send_without_a_last_word_is_asked_after_once_its_time_is_over(
    database: str, now: datetime, channel: Channel, minutes: int, fault: str, ends: SendStatus
):
    row = await an_attempt(await an_outreach(now), now, channel)
    async with line_to(now) as line:
        line.provider.faults.append(fault)  # type: ignore[arg-type]
        await line.send()
        assert (await Attempt.get(id=row.id)).status is SendStatus.SENT
        assert await look(line, minutes=minutes - 2) == 0
        assert await look(line, minutes=3) == 1
    assert (await Attempt.get(id=row.id)).status is ends


async def test_a_silent_text_that_failed_hurries_the_ladder_like_its_callback_would(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.settings.public_url = NOWHERE
        line.provider.faults.append("30006")
        await line.send()
        await look(line, minutes=61)
        told = await Outreach.get(id=case.id)
        assert told.hurried_at == line.clock.time
    assert (await Attempt.get(id=row.id)).failure == "30006"


async def test_a_machine_that_answered_is_a_failure_when_asked_after_too(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now, Channel.VOICE)
    async with line_to(now) as line:
        line.settings.public_url = NOWHERE
        line.provider.faults.append("voicemail")
        await line.send()
        await look(line, minutes=11)
    kept = await Attempt.get(id=row.id)
    assert (kept.status, kept.failure) == (SendStatus.FAILED, "voicemail")


async def test_one_that_is_still_on_its_way_is_left_alone_for_as_long_again(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.faults.append("silent")
        await line.send()
        line.provider.items[0].status = "sent"
        await look(line, minutes=61)
        line.provider.items[0].status = "delivered"
        assert await look(line, minutes=58) == 0
        assert await look(line, minutes=3) == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


async def test_nobody_asks_after_the_texts_of_a_case_that_has_ended(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("silent")
        await line.send()
        over = {"status": OutreachStatus.ENDED, "end_state": EndState.CLOSED, "ended_at": now, "due_at": None}
        await Outreach.filter(id=case.id).update(**over)
        assert await look(line, minutes=61) == 0
    assert (await Attempt.get(id=row.id)).status is SendStatus.SENT
