"""A text a day to a test phone: sent once, by whatever process; when it does not arrive, somebody is told."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest
from structlog.testing import capture_logs

from outreach import notices
from outreach.clockwork import jobs_of
from outreach.models import Notice
from outreach.models.states import NoticeChannel, SendStatus
from outreach.reports import behind
from outreach.settings import Settings
from tests.harness.provider_side import Line, line_to

PHONE = "+447911123456"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def settings(**given: object) -> Settings:
    return Settings(canary_to=PHONE, **given)  # type: ignore[arg-type]


async def turn(line: Line) -> None:
    """The cron's minute, and what is due at the clock's time."""
    [job] = [each for each in jobs_of(line.settings) if each.name == "canary"]
    await job.work(line.clock.time)
    async with httpx2.AsyncClient() as client:
        await notices.send_due(line.messenger, client, line.settings, line.clock.time)
    await line.provider.settle_down()


async def board() -> list[Notice]:
    return await Notice.filter(kind="canary_undelivered")


async def test_no_text_is_sent_where_no_test_phone_is_set_or_before_its_hour(database: str, now: datetime) -> None:
    await notices.send_canary(Settings(), now)
    await notices.send_canary(settings(canary_hour=13), now)
    assert await Notice.all().count() == 0


async def test_the_test_phone_gets_one_text_a_day_whatever_the_number_of_processes(
    database: str, now: datetime
) -> None:
    for minutes in (0, 1, 240):
        await asyncio.gather(*(notices.send_canary(settings(), now + timedelta(minutes=minutes)) for _ in range(4)))
    assert await Notice.all().count() == 1
    await notices.send_canary(settings(), now + timedelta(days=1))
    assert await Notice.all().count() == 2


async def test_a_product_that_was_down_at_the_hour_sends_it_later_that_day(database: str, now: datetime) -> None:
    evening = now.astimezone(SHANGHAI).replace(hour=23)
    await notices.send_canary(settings(), evening)
    assert await Notice.all().count() == 1


async def test_a_text_that_arrives_alarms_nobody(database: str, now: datetime) -> None:
    async with line_to(now, canary_to=PHONE) as line:
        await turn(line)
        [text] = line.provider.items
        assert text.to == PHONE and "daily test text of 11-24" in text.body
        assert (await Notice.get()).status is SendStatus.DELIVERED
        line.clock.advance(hours=1)
        await turn(line)
        assert await board() == [] and len(line.provider.items) == 1


async def test_a_text_that_fails_alarms_the_board_and_the_log_at_once_and_once(database: str, now: datetime) -> None:
    async with line_to(now, canary_to=PHONE) as line:
        line.provider.faults.append("30003")
        await turn(line)
        with capture_logs() as said:
            for _ in range(3):
                line.clock.advance(minutes=1)
                await turn(line)
        [told] = await board()
        assert (told.channel, told.data, told.seen_at) == (NoticeChannel.BOARD, {"code": "30003"}, None)
        alarms = [line for line in said if line["event"] == "canary_undelivered"]
        assert [(each["log_level"], each["code"]) for each in alarms] == [("error", "30003")]
        assert PHONE not in str(said) and PHONE not in str([row.data for row in await Notice.all()])


async def test_a_text_that_nothing_is_heard_of_alarms_the_board_after_its_minutes(database: str, now: datetime) -> None:
    async with line_to(now, canary_to=PHONE, canary_within_min=5) as line:
        line.provider.faults.append("silent")
        await turn(line)
        line.clock.advance(minutes=4)
        await turn(line)
        assert await board() == []
        line.clock.advance(minutes=1)
        await turn(line)
        assert [row.data for row in await board()] == [{"code": "sent"}]


async def test_one_of_just_before_midnight_is_still_watched_after_it(database: str, now: datetime) -> None:
    late = now.astimezone(SHANGHAI).replace(hour=23, minute=58)
    await notices.send_canary(settings(), late)
    await notices.watch_canary(settings(), late + timedelta(minutes=30))
    assert len(await board()) == 1


async def test_a_test_text_that_waits_is_late_as_any_other(database: str, now: datetime) -> None:
    await notices.send_canary(settings(), now)
    assert (await behind(now + timedelta(minutes=5))).notices.count == 1


@pytest.mark.parametrize(
    ("phone", "words"), [(PHONE, "daily test"), ("+8613800138000", "每日测试"), ("13800138000", "每日测试")]
)
async def test_it_is_written_in_the_phones_language(database: str, now: datetime, phone: str, words: str) -> None:
    given = Settings(canary_to=phone)
    await notices.send_canary(given, now)
    told = notices.canary_text(await Notice.get(), given)
    assert told is not None and words in told[1]
    assert notices.canary_text(await Notice.get(), Settings()) is None
