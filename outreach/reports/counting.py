"""From rows to figures: the counts, the shares and quantiles, and what reached them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from outreach.models.states import EndState
from outreach.reports.figures import Cause, Counts, Group, Reached, When
from outreach.reports.minutes import minutes_between, where_the_minutes_went
from outreach.reports.reading import Moments, Row
from outreach.survival import Curve, cumulative_incidence, incidence_by_cause, kaplan_meier

WITHIN = (5.0, 15.0, 30.0, 60.0)
SHARES = (0.25, 0.5, 0.75, 0.9)
OPEN, REACHED, ENDED = 0, 1, 2
NOT_NAMED = "not named"
NO_PERSON = "no person"


def figure(name: str, rows: Sequence[Row], moments: Mapping[UUID, Moments], now: datetime, clock: str) -> Group:
    """All figures of one group; `clock` says from when minutes count: `received` or `detected`."""
    times = [minutes_to_end(row, now, clock) for row in rows]
    causes = [_cause(row) for row in rows]
    curve, counts = cumulative_incidence(times, causes, REACHED), count(rows)
    return Group(
        name=name,
        counts=counts,
        complete=not counts.still_open,
        within=_within(curve, times, causes, REACHED),
        quantiles=tuple(_when(curve, share) for share in SHARES),
        channels=_causes(rows, times, lambda row: row.channel or NOT_NAMED),
        roles=_causes(rows, times, lambda row: row.role or NO_PERSON),
        stages=where_the_minutes_went(rows, moments),
    )


def count(rows: Sequence[Row]) -> Counts:
    """The counts of these targets."""
    unreached = [row for row in rows if row.reached is None]
    ended = [row for row in unreached if row.ended is not None]
    reached = [row for row in rows if row.reached is not None]
    states = {state: sum(row.end_state == state for row in ended) for state in EndState}
    return Counts(
        warned=len(rows),
        contacted=sum(row.contacted is not None for row in rows),
        reached=len(reached),
        reached_late=sum(row.ended is not None and row.reached > row.ended for row in reached if row.reached),
        convinced=sum(row.convinced is not None for row in rows),
        following_up=sum(row.ended is None for row in reached),
        ended_unreached=states[EndState.UNREACHED],
        ended_otherwise=len(ended) - states[EndState.UNREACHED],
        false_alarm=states[EndState.FALSE_ALARM],
        withdrawn=states[EndState.WITHDRAWN],
        closed=states[EndState.CLOSED],
        still_open=len(unreached) - len(ended),
        accurate=sum(row.accurate is True for row in rows),
        inaccurate=sum(row.accurate is False for row in rows),
    )


def minutes_to_end(row: Row, now: datetime, clock: str) -> float:
    """Minutes from the clock's start until reached, else ended, else `now`; 0 where a source's clock runs ahead."""
    begin = row.detected if clock == "detected" else row.received
    return max(0.0, minutes_between(begin, row.reached or row.ended or now))


def _cause(row: Row) -> int:
    if row.reached is not None:
        return REACHED
    return ENDED if row.ended is not None else OPEN


def _within(curve: Curve, times: Sequence[float], causes: Sequence[int], cause: int) -> tuple[Reached, ...]:
    own = np.asarray(causes, dtype=np.int64) == cause
    alone = kaplan_meier(times, own.astype(np.int64))
    by_then = np.sort(np.asarray(times, dtype=np.float64)[own])
    return tuple(_at(minutes, curve, alone, by_then, len(times)) for minutes in WITHIN)


def _at(minutes: float, curve: Curve, alone: Curve, by_then: NDArray[np.float64], warned: int) -> Reached:
    known = curve.at(minutes)
    naive = int(np.searchsorted(by_then, minutes, side="right")) / warned if warned else None
    return Reached(minutes, known.share, known.low, known.high, naive, alone.at(minutes).share)


def _when(curve: Curve, share: float) -> When:
    found = curve.quantile(share)
    return When(share, found.at, found.low, found.high)


def _causes(rows: Sequence[Row], times: Sequence[float], named: Callable[[Row], str]) -> tuple[Cause, ...]:
    names = sorted({named(row) for row in rows if row.reached is not None})
    # 0 stays open and 1 ended before; the channels or roles come after them, under one denominator.
    numbers = {name: place for place, name in enumerate(names, 2)}
    causes = [numbers[named(row)] if row.reached is not None else int(row.ended is not None) for row in rows]
    curves = incidence_by_cause(times, causes)
    return tuple(
        Cause(name, causes.count(number), _within(curves[number], times, causes, number))
        for name, number in numbers.items()
    )
