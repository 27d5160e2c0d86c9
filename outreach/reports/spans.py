"""Hours, and the days and months made of them: which to read so that a stretch of time is covered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
HOURLY, DAILY, MONTHLY = "hour", "day", "month"
LEVELS = (MONTHLY, DAILY, HOURLY)
Span = tuple[datetime, datetime]


def hour_in(moment: datetime) -> datetime:
    """The hour (UTC) in which the moment lies."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def first_hour(moment: datetime) -> datetime:
    """The first hour (UTC) that begins at the moment or after it."""
    hour = hour_in(moment)
    return hour if hour == moment else hour + HOUR


@lru_cache(maxsize=4096)
def span_of(level: str, hour: datetime, zone: ZoneInfo) -> Span:
    """The whole hours of the hour's own day or month there; a day begins with the first hour that does so on it."""
    if level == HOURLY:
        return hour, hour + HOUR
    day = hour.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if level == DAILY:
        begin, end = day, day + timedelta(days=1)
    else:
        begin = day.replace(day=1)
        end = (begin + timedelta(days=32)).replace(day=1)
    return first_hour(begin), first_hour(end)


def cover(frm: datetime, to: datetime, zone: ZoneInfo, rolled_until: datetime) -> dict[str, list[datetime]]:
    """The begins of the months, days and hours that make up the whole hours of [frm, to), the longest first.

    What lies after `rolled_until` is empty, so a stretch that goes on beyond it may be taken whole.
    """
    found: dict[str, list[datetime]] = {level: [] for level in LEVELS}
    at, end = first_hour(frm), hour_in(to)
    while at < min(end, rolled_until):
        for level in LEVELS:
            begin, until = span_of(level, at, zone)
            if begin == at and (until <= end or end >= rolled_until):
                break
        found[level].append(at)
        at = until
    return found


def joined(hours: Iterable[datetime]) -> Iterator[Span]:
    """Runs of hours that follow each other, as stretches."""
    known = sorted(hours)
    if not known:
        return
    begin = known[0]
    for hour, following in pairwise(known):
        if following != hour + HOUR:
            yield begin, hour + HOUR
            begin = following
    yield begin, known[-1] + HOUR


def hours_between(frm: datetime, to: datetime) -> list[datetime]:
    """The begins of the whole hours in [frm, to)."""
    begin = first_hour(frm)
    return [begin + HOUR * i for i in range(max(0, (hour_in(to) - begin) // HOUR))]


def edges(frm: datetime, to: datetime) -> list[Span]:
    """What of the stretch lies in no whole hour of it."""
    begin, end = first_hour(frm), hour_in(to)
    if begin > end:
        return [(frm, to)]
    return [span for span in ((frm, begin), (end, to)) if span[0] < span[1]]
