"""The cron: jobs of the hour and the night, done by one elected process; by the time of day, whatever our clock says.

Two may lead for a moment, and a job may run twice: each is written so that this does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from outreach.access import forget_sign_ins
from outreach.assignment import forget_stale_positions
from outreach.clock import Clock
from outreach.errors import MisSet
from outreach.models.electing import Candidate
from outreach.models.tidying import forget_code_tries, forget_words, tidy
from outreach.notices import send_canary, watch_canary
from outreach.outcomes import remind_of_pauses
from outreach.reports import behind
from outreach.reports.rolling import roll
from outreach.settings import Settings

STAND_EVERY_S = 3.0
STOP_WITHIN_S = 5.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """What the leader does when `trigger` says; a start that comes more than `grace_s` seconds late is left out."""

    name: str
    trigger: Any
    grace_s: int
    work: Callable[[datetime], Awaitable[None]]


def jobs_of(settings: Settings) -> tuple[Job, ...]:
    """The jobs of this product; raises MisSet for a city whose time zone is none."""
    zone = _zone(settings.city_time_zone)

    async def tidy_up(now: datetime) -> None:
        await forget_words(now)
        await forget_code_tries(now)
        await forget_sign_ins(now)
        await tidy(settings.database_url)

    async def try_the_way(now: datetime) -> None:
        await send_canary(settings, now)
        await watch_canary(settings, now)

    async def send_home(now: datetime) -> None:
        await forget_stale_positions(settings, now)

    async def roll_up(now: datetime) -> None:
        await roll(now, zone)

    return (
        Job("watch", CronTrigger(minute="*", timezone=zone), 30, watch),
        Job("tidy", CronTrigger(hour=3, minute=30, timezone=zone), 3600, tidy_up),
        Job("canary", CronTrigger(minute="*", timezone=zone), 30, try_the_way),
        Job("positions", CronTrigger(minute="*", timezone=zone), 30, send_home),
        Job("pauses", CronTrigger(minute="*", timezone=zone), 30, remind_of_pauses),
        Job("rollup", CronTrigger(minute="7-59/10", timezone=zone), 300, roll_up),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise MisSet("OUTREACH_CITY_TIME_ZONE is no IANA time zone.") from None


async def watch(now: datetime) -> None:
    """Say in one line of the log what is late, if anything is: counts, and the oldest's age in seconds."""
    late = await behind(now)
    if not late.keeping_up:
        log.error("falling_behind", **asdict(late))


class Cron:
    """The cron of one process; of all those on one database, the leader alone does the jobs."""

    def __init__(
        self, clock: Clock, candidate: Candidate, jobs: Sequence[Job], stand_every_s: float = STAND_EVERY_S
    ) -> None:
        self.clock, self.candidate, self.jobs, self.stand_every_s = clock, candidate, jobs, stand_every_s
        self._scheduler: Any = AsyncIOScheduler(timezone=ZoneInfo("UTC"))
        self._standing: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Stand for the lead, and keep the jobs' times, on the running event loop."""
        for job in self.jobs:
            self._scheduler.add_job(
                self._do, job.trigger, [job], id=job.name, misfire_grace_time=job.grace_s, coalesce=True
            )
        self._scheduler.start()
        self._standing = asyncio.create_task(self._stand(), name="cron")

    async def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """Begin no job any more, let those under way end (cut short after `within_s` seconds), and give up the lead."""
        if self._standing is None:
            return
        self._scheduler.pause()
        self._standing.cancel()
        await asyncio.gather(self._standing, return_exceptions=True)
        # The scheduler's own shutdown cancels what is under way, even when told to wait.
        await self._let_end(within_s)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # The scheduler puts its end off to the next turn of the loop.
        await self.candidate.resign()
        self._standing = None

    async def _let_end(self, within_s: float) -> None:
        if not self._under_way:
            return
        _, slow = await asyncio.wait(self._under_way, timeout=within_s)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    async def _stand(self) -> None:
        led = False
        while True:
            try:
                leads = await self.candidate.stand()
            except Exception as failure:
                log.warning("election failed", error=type(failure).__name__)
                leads = False
            if leads is not led:
                log.info("leads the cron" if leads else "no longer leads the cron")
            led = leads
            await asyncio.sleep(self.stand_every_s)

    async def _do(self, job: Job) -> None:
        task = asyncio.current_task()
        if task is None or not self.candidate.leading:
            return
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            await job.work(self.clock.now())
        except asyncio.CancelledError:
            # Passed on, the scheduler would write it down as a failure of the job.
            log.warning("job cut short", job=job.name)
        except Exception:
            # Its time comes again, and by then the cause may be gone.
            log.exception("job failed", job=job.name)
