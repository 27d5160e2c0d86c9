"""Where the minutes went: from detected to the source told, each target's time cut at the moments known of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import fmean, median
from uuid import UUID

from outreach.reports.figures import Stage
from outreach.reports.reading import Moments, Row

STAGES = (
    "detected",
    "received",
    "first attempt",
    "delivered",
    "offered",
    "accepted",
    "arrived",
    "reached",
    "source told",
)
FROM_CONTACTS = STAGES[2:7]


def minutes_between(begin: datetime, end: datetime) -> float:
    """Minutes from `begin` to `end`, negative when `end` is earlier."""
    return (end - begin).total_seconds() / 60


def where_the_minutes_went(rows: Sequence[Row], moments: Mapping[UUID, Moments]) -> tuple[Stage, ...]:
    """For each pair of consecutive known moments: of how many targets, mean and median minutes.

    A target's pairs add up to its whole time: what came too late to have reached it, or out of order, is passed over.
    """
    taken: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        for (begins, at), (ends, then) in pairwise(_known(row, moments.get(row.outreach_id, {}))):
            taken[begins, ends].append(minutes_between(at, then))
    order = sorted(taken, key=lambda pair: (STAGES.index(pair[0]), STAGES.index(pair[1])))
    return tuple(Stage(*pair, len(taken[pair]), fmean(taken[pair]), median(taken[pair])) for pair in order)


def _known(row: Row, moments: Moments) -> Iterator[tuple[str, datetime]]:
    if row.detected <= row.received:
        yield "detected", row.detected
    yield "received", row.received
    last = row.received
    for name, at in _after_received(row, moments):
        if at is not None and at >= last:
            yield name, at
            last = at


def _after_received(row: Row, moments: Moments) -> Iterator[tuple[str, datetime | None]]:
    for name in FROM_CONTACTS:
        # An outreach is older than a target that joined it: only what came after this warning was about it too.
        since = [at for at in moments.get(name, ()) if at >= row.received]
        first = min(since, default=None)
        late = first is not None and row.reached is not None and first > row.reached
        yield name, None if late else first
    yield "reached", row.reached
    if row.reached is not None:
        yield "source told", row.told
