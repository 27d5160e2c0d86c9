"""The cron: one process leads, its death hands the lead on, a job's failure is told, and lateness is never silent."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import httpx2
import pytest
from apscheduler.triggers.interval import IntervalTrigger
from structlog.testing import capture_logs

from outreach.app import running
from outreach.clock import Clock, FastClock, SetClock, WallClock
from outreach.clockwork import Cron, jobs_of
from outreach.clockwork.cron import Job, watch
from outreach.errors import MisSet
from outreach.models import Attempt, Notice, Outreach, Resident
from outreach.models.connecting import is_sqlite
from outreach.models.electing import LEADER_LOCK, Candidate, candidate_for
from outreach.models.states import EndState
from outreach.models.tidying import tidy
from outreach.outcomes import end_outreach
from outreach.reports import behind
from outreach.settings import Settings
from outreach.web import Parts, make_web
from tests.harness.town import Town, build_town

PATIENCE_S = 20
ANOTHER_PROCESS = """
import asyncio, sys
from outreach.models.electing import candidate_for

async def lead():
    leads = await candidate.stand()
    print("leads" if leads else "follows", flush=True)
    await asyncio.Event().wait()

candidate = candidate_for(sys.argv[1])
asyncio.run(lead())
"""
Work = Callable[[datetime], Awaitable[None]]


async def until_it_leads(candidate: Candidate) -> None:
    """Stand again and again, as the cron does, but faster."""
    async with asyncio.timeout(PATIENCE_S):
        while not await candidate.stand():
            await asyncio.sleep(0.05)


async def heard(*bells: asyncio.Event) -> None:
    """All of these have rung, in good time."""
    async with asyncio.timeout(PATIENCE_S):
        for bell in bells:
            await bell.wait()


def often(name: str, work: Work) -> Job:
    """A job every twentieth of a second."""
    return Job(name, IntervalTrigger(seconds=0.05), 60, work)


def ringing(bell: asyncio.Event) -> Work:
    """A job's work that says when it is done."""

    async def work(now: datetime) -> None:
        bell.set()

    return work


def cron_of(database_url: str, *jobs: Job, clock: Clock | None = None) -> Cron:
    """A cron that stands for the lead ten times a second."""
    return Cron(clock or WallClock(), candidate_for(database_url), jobs, stand_every_s=0.1)


@asynccontextmanager
async def turning(cron: Cron) -> AsyncIterator[Cron]:
    """This cron, started, and stopped in the end."""
    cron.start()
    try:
        yield cron
    finally:
        await cron.stop()


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[tuple[Candidate, Candidate]]:
    """Two that would lead, on one database."""
    both = candidate_for(database_url), candidate_for(database_url)
    yield both
    for candidate in both:
        await candidate.resign()


async def test_of_two_that_stand_one_leads_however_often_they_stand(two: tuple[Candidate, Candidate]) -> None:
    first, second = two
    for _ in range(3):
        assert (await first.stand(), await second.stand()) == (True, False)
    assert (first.leading, second.leading) == (True, False)


async def test_the_lead_that_is_given_up_is_free_at_once(two: tuple[Candidate, Candidate]) -> None:
    first, second = two
    assert await first.stand() and await first.stand()
    await first.resign()
    assert not first.leading
    assert await second.stand()
    assert not await first.stand()


async def test_a_leader_that_is_killed_is_followed_within_seconds(database_url: str) -> None:
    leader = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANOTHER_PROCESS, database_url, stdout=asyncio.subprocess.PIPE
    )
    mine = candidate_for(database_url)
    try:
        assert leader.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            assert (await leader.stdout.readline()).strip() == b"leads"
        assert not await mine.stand()
        leader.send_signal(signal.SIGKILL)
        await leader.wait()
        await until_it_leads(mine)
        assert mine.leading
    finally:
        if leader.returncode is None:
            leader.kill()
            await leader.wait()
        await mine.resign()


async def test_a_lost_connection_loses_the_lead(database_url: str, two: tuple[Candidate, Candidate]) -> None:
    if is_sqlite(database_url):
        pytest.skip("A file's lock has no connection to lose.")
    first, second = two
    assert await first.stand() and not await second.stand()
    await cut_off_the_leader(database_url)
    await until_it_leads(second)
    async with asyncio.timeout(PATIENCE_S):
        while first.leading:
            await asyncio.sleep(0.01)
    assert not await first.stand()


async def cut_off_the_leader(database_url: str) -> None:
    """The server ends the connection that holds the lead."""
    connection = await asyncpg.connect(database_url)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint = $1 AND granted"
    )
    own = " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    assert await connection.fetch(cut + own, LEADER_LOCK)
    await connection.close()


async def test_a_database_out_of_reach_is_told_and_asked_again() -> None:
    nowhere = candidate_for("postgres://nobody@127.0.0.1:9/nothing")
    with pytest.raises(OSError):
        await nowhere.stand()
    assert not nowhere.leading
    cron, told = Cron(WallClock(), nowhere, (), stand_every_s=0.01), list[object]()
    with capture_logs() as lines:
        async with turning(cron), asyncio.timeout(PATIENCE_S):
            while len(told) < 2:
                await asyncio.sleep(0.01)
                told = [line for line in lines if line["event"] == "election failed"]
    assert "127.0.0.1" not in str(lines)


async def test_only_the_leader_does_the_jobs_and_its_follower_takes_them_over(database_url: str) -> None:
    by_the_leader, by_the_follower = asyncio.Event(), asyncio.Event()
    leader = cron_of(database_url, often("ring", ringing(by_the_leader)))
    follower = cron_of(database_url, often("ring", ringing(by_the_follower)))
    async with turning(leader):
        await heard(by_the_leader)
        async with turning(follower):
            # Their times come as often for both: while the leader rang five times, the follower had its chances.
            for _ in range(5):
                by_the_leader.clear()
                await heard(by_the_leader)
            assert not by_the_follower.is_set()
            await leader.stop()
            by_the_leader.clear()
            await heard(by_the_follower)
            assert not by_the_leader.is_set()


async def test_a_job_that_fails_is_told_without_its_words_and_stops_neither_itself_nor_others(
    database_url: str,
) -> None:
    failures, twice, other = [0], asyncio.Event(), asyncio.Event()

    async def fails(now: datetime) -> None:
        failures[0] += 1
        if failures[0] == 2:
            twice.set()
        raise LookupError("Ada, 1 Willow Lane")

    with capture_logs() as lines:
        async with turning(cron_of(database_url, often("fails", fails), often("other", ringing(other)))):
            await heard(twice, other)
    told = [line for line in lines if line["event"] == "job failed"]
    assert len(told) >= 2
    assert (told[0]["log_level"], told[0]["job"]) == ("error", "fails")
    assert "Ada" not in str(lines)


async def test_a_job_is_told_the_time_of_the_city_and_not_of_the_scheduler(database_url: str, now: datetime) -> None:
    told, bell = list[datetime](), asyncio.Event()

    async def work(at: datetime) -> None:
        told.append(at)
        bell.set()

    async with turning(cron_of(database_url, often("asks", work), clock=SetClock(now))):
        await heard(bell)
    assert told[0] == now


async def test_the_stop_lets_a_job_end_and_leaves_no_task_and_no_lock(database_url: str) -> None:
    before, begun, ended = asyncio.all_tasks(), asyncio.Event(), asyncio.Event()

    async def long(now: datetime) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        ended.set()

    cron, next_one = cron_of(database_url, often("long", long)), candidate_for(database_url)
    cron.start()
    await heard(begun)
    assert not await next_one.stand()
    await cron.stop()
    assert ended.is_set() and not cron.candidate.leading
    assert not asyncio.all_tasks() - before
    assert await next_one.stand()
    await next_one.resign()


async def test_the_stop_does_not_wait_for_ever(database_url: str) -> None:
    before, begun = asyncio.all_tasks(), asyncio.Event()

    async def endless(now: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    cron = cron_of(database_url, often("endless", endless))
    cron.start()
    await heard(begun)
    with capture_logs() as lines:
        async with asyncio.timeout(PATIENCE_S):
            await cron.stop(within_s=0.05)
    assert [line for line in lines if line["event"] == "job cut short"]
    assert not asyncio.all_tasks() - before


async def test_a_cron_that_was_never_started_stops_too(database_url: str) -> None:
    await cron_of(database_url).stop()


def test_the_watch_looks_every_minute_and_the_night_begins_at_half_past_three_in_the_city(now: datetime) -> None:
    watching, tidying, *_ = jobs_of(Settings(city_time_zone="Asia/Shanghai"))
    assert watching.trigger.get_next_fire_time(now, now) - now == timedelta(minutes=1)
    shanghai = ZoneInfo("Asia/Shanghai")
    assert tidying.trigger.get_next_fire_time(None, now) == datetime(2026, 11, 25, 3, 30, tzinfo=shanghai)
    assert watching.grace_s < 60 < tidying.grace_s


def test_a_city_in_no_time_zone_is_refused_by_the_settings_name() -> None:
    with pytest.raises(MisSet, match="OUTREACH_CITY_TIME_ZONE"):
        jobs_of(Settings(city_time_zone="Middle/Earth"))


async def told_of_lateness(now: datetime) -> list[dict[str, object]]:
    """What the watch writes into the log at `now`."""
    with capture_logs() as lines:
        await watch(now)
    return [dict(line) for line in lines]


async def an_overdue_case(now: datetime) -> Town:
    """Ada's step has been due for five minutes."""
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now - timedelta(minutes=5))
    return town


NONE_LATE = {"count": 0, "oldest_s": 0}


async def test_a_step_five_minutes_overdue_is_said_aloud(database: str, now: datetime) -> None:
    town = await an_overdue_case(now)
    told = await told_of_lateness(now)
    assert told == [
        {
            "event": "falling_behind",
            "log_level": "error",
            "ladder": {"count": 1, "oldest_s": 300},
            "attempts": NONE_LATE,
            "notices": NONE_LATE,
        }
    ]
    assert str(town.ada.id) not in str(told)


async def test_the_cron_that_leads_says_it_by_itself(database: str, now: datetime) -> None:
    await an_overdue_case(now)
    with capture_logs() as lines:
        async with turning(cron_of(database, often("watch", watch), clock=SetClock(now))):
            async with asyncio.timeout(PATIENCE_S):
                while "falling_behind" not in {line["event"] for line in lines}:
                    await asyncio.sleep(0.01)
    assert "job failed" not in {line["event"] for line in lines}


async def test_a_step_due_a_minute_ago_is_not_late_yet(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now - timedelta(minutes=1))
    assert not await told_of_lateness(now)
    assert await told_of_lateness(now + timedelta(seconds=61))


async def test_a_paused_case_is_not_late(database: str, now: datetime) -> None:
    town = await an_overdue_case(now)
    await Outreach.filter(id=town.outreach.id).update(paused_at=now - timedelta(minutes=4))
    assert not await told_of_lateness(now)


async def test_an_ended_case_is_not_late(database: str, now: datetime) -> None:
    town = await an_overdue_case(now)
    await end_outreach(await Outreach.get(id=town.outreach.id), EndState.UNREACHED, "nobody", now)
    assert not await told_of_lateness(now)


async def test_a_text_and_a_notice_that_should_have_left_are_counted_and_those_sent_are_not(
    database: str, now: datetime
) -> None:
    town = await build_town(now)
    for minutes in (3, 10, 1, -30):
        due = now - timedelta(minutes=minutes)
        times = {"queued_at": due, "send_after": due}
        await Attempt.create(outreach=town.outreach, channel="sms", step=0, text_key="first", **times)
        await Attempt.create(
            outreach=town.outreach, channel="sms", step=0, text_key="first", status="sent", sent_at=due, **times
        )
        await Notice.create(audience="coordinator", channel="board", kind="handover", **times)
    late = await behind(now)
    assert (late.ladder.count, late.attempts.count, late.notices.count) == (0, 2, 2)
    assert (late.attempts.oldest_s, late.notices.oldest_s) == (600, 600)


async def test_whoever_asks_whether_we_are_ready_hears_how_late_we_are(database: str, now: datetime) -> None:
    await an_overdue_case(now)
    app = make_web(Parts(Settings(), SetClock(now), lambda: None))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://outreach") as client:
        answer = await client.get("/readyz")
    late = {"ladder": {"count": 1, "oldest_s": 300}, "attempts": NONE_LATE, "notices": NONE_LATE}
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "behind": late})


async def test_the_night_leaves_statistics_and_no_journal(database: str, now: datetime) -> None:
    town = await build_town(now)
    # SQLite looks only at tables whose indexes were of use.
    assert await Resident.filter(area_id=town.grid.id, outreaches__family="fraud").exists()
    await tidy(database)
    if is_sqlite(database):
        file = Path(database.removeprefix("sqlite:///"))
        with sqlite3.connect(file) as connection:
            assert connection.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 0
        connection.close()
        assert Path(f"{file}-wal").stat().st_size == 0
    else:
        server = await asyncpg.connect(database)
        counted = "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'resident'"
        assert await server.fetchval(counted)
        await server.close()


async def test_two_nights_at_once_while_a_warning_is_written_harm_nobody(database: str, now: datetime) -> None:
    town = await build_town(now)

    async def write() -> None:
        for number in range(20):
            await Resident.create(name=f"Ada {number}", area=town.grid, made_at=now)

    await asyncio.gather(tidy(database), tidy(database), write())
    assert await Resident.all().count() == 21


def product(database_url: str, tmp_path: Path, **given: object) -> Settings:
    """The settings of a whole product on this database, with nobody to send to."""
    return Settings(database_url=database_url, keys_file=tmp_path / "keys.json", **given)  # type: ignore[arg-type]


async def test_the_product_leads_while_it_runs_and_lets_go_when_it_stops(database_url: str, tmp_path: Path) -> None:
    other, clock = candidate_for(database_url), FastClock(timedelta(minutes=90), 60.0)
    async with running(product(database_url, tmp_path), clock):
        async with asyncio.timeout(PATIENCE_S):
            while await other.stand():
                await other.resign()
                await asyncio.sleep(0.05)
    assert await other.stand()
    await other.resign()


async def test_a_process_for_the_web_alone_does_not_stand(database_url: str, tmp_path: Path) -> None:
    other = candidate_for(database_url)
    before = {task.get_name() for task in asyncio.all_tasks()}
    async with running(product(database_url, tmp_path, run_clockwork=False), WallClock()):
        assert "cron" not in {task.get_name() for task in asyncio.all_tasks()} - before
        assert await other.stand()
    await other.resign()
