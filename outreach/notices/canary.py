"""One text a day to a test phone: whoever runs the product learns that texts stopped arriving before Ada needs one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import structlog

from outreach.messaging.texts import compose
from outreach.models import Notice
from outreach.models.states import Audience, NoticeChannel, SendStatus
from outreach.notices.drills import language_of_number
from outreach.outcomes import tell_board_once
from outreach.settings import Settings

CANARY, UNDELIVERED = "canary", "canary_undelivered"
log = structlog.get_logger(__name__)


async def send_canary(settings: Settings, now: datetime) -> None:
    """Queue the day's test text, from its hour on; once a day of the city, whatever the number of processes.

    It leaves, is looked up and settled as every other text. A product that was down at that hour sends it later on.
    """
    here = now.astimezone(ZoneInfo(settings.city_time_zone))
    if not settings.canary_to or here.hour < settings.canary_hour:
        return
    row_id = canary_id(here.date())
    if not await Notice.exists(id=row_id):
        # The id is the day's, so that of two processes one queues it. It is no word on the board: seen from the start.
        row = Notice(
            id=row_id,
            audience=Audience.COORDINATOR,
            channel=NoticeChannel.SMS,
            kind=CANARY,
            queued_at=now,
            send_after=now,
            seen_at=now,
            data={"day": f"{here:%m-%d}"},
        )
        await Notice.bulk_create([row], ignore_conflicts=True)


async def watch_canary(settings: Settings, now: datetime) -> None:
    """Alarm the board and the log, once, of a test text that failed, or has not arrived in its minutes."""
    today = now.astimezone(ZoneInfo(settings.city_time_zone)).date()
    for row in await Notice.filter(id__in=[canary_id(today), canary_id(today - timedelta(days=1))]):
        late = now - row.queued_at >= timedelta(minutes=settings.canary_within_min)
        if row.status is SendStatus.FAILED or (late and row.status is not SendStatus.DELIVERED):
            await _alarm(row, now)


async def _alarm(row: Notice, now: datetime) -> None:
    alarm_id, code = uuid5(row.id, UNDELIVERED), row.failure or row.status.value
    if await Notice.exists(id=alarm_id):
        return
    log.error(UNDELIVERED, code=code)
    await tell_board_once(UNDELIVERED, alarm_id, now, code=code)


def canary_id(day: date) -> UUID:
    """The id of that day's test text."""
    return uuid5(NAMESPACE_URL, f"{CANARY}:{day}")


def canary_text(row: Notice, settings: Settings) -> tuple[str, str] | None:
    """The number and the words of a day's test text; None where no test phone is set any more."""
    if not settings.canary_to:
        return None
    language = language_of_number(settings.canary_to, settings)
    return settings.canary_to, compose(CANARY, language, service=settings.service_name, day=row.data["day"])
