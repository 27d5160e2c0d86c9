"""The estimators: Aalen-Johansen for competing causes, Kaplan-Meier for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from outreach.survival.curves import Curve, Floats, log_log_bands

LEVEL = 0.95


@dataclass(frozen=True)
class _Steps:
    times: Floats
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    causes: dict[int, NDArray[np.int64]]
    before: Floats
    survival: Floats


def cumulative_incidence(
    times: Sequence[float] | Floats, causes: Sequence[int] | NDArray[np.int64], cause: int = 1, level: float = LEVEL
) -> Curve:
    """The share to which `cause` has happened by each time, whatever else may happen first; 0 in `causes` is censored.

    Aalen & Johansen (1978), Scand. J. Statist. 5:141-150. Variance by the delta method as in Marubini & Valsecchi
    (1995), Analysing Survival Data from Clinical Trials, eq. 10.12. Ties need no jitter: all at one time are at risk.
    """
    return _incidence(_steps(times, causes), cause, level)


def incidence_by_cause(
    times: Sequence[float] | Floats, causes: Sequence[int] | NDArray[np.int64], level: float = LEVEL
) -> dict[int, Curve]:
    """One curve per cause under one denominator: at any time they and the share still open add up to 1."""
    steps = _steps(times, causes)
    return {cause: _incidence(steps, cause, level) for cause in sorted(steps.causes)}


def incidence_of_counts(
    times: Floats,
    happened: NDArray[np.int64],
    otherwise: NDArray[np.int64],
    still_open: NDArray[np.int64],
    level: float = LEVEL,
) -> Curve:
    """The same share from counts per distinct, rising time: of those it happened to, of the others, of those open."""
    some = np.flatnonzero(happened + otherwise + still_open)
    own, ended, leaving = happened[some], happened[some] + otherwise[some], (happened + otherwise + still_open)[some]
    at_risk = leaving[::-1].cumsum()[::-1]
    survival: Floats = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    before: Floats = np.concatenate((np.ones(1), survival))[: some.size]
    return _incidence(_Steps(times[some], at_risk, ended, {1: own}, before, survival), 1, level)


def kaplan_meier(
    times: Sequence[float] | Floats, events: Sequence[int] | NDArray[np.int64], level: float = LEVEL
) -> Curve:
    """One minus Kaplan & Meier's (1958) survival, with Greenwood's variance; any event but 0 counts.

    The bands are of the survival turned over, log(-log) of it, as is usual (Kalbfleisch & Prentice 1980).
    """
    steps = _steps(times, events)
    gone = steps.at_risk - steps.events
    variance = steps.survival**2 * np.cumsum(_over(steps.events, steps.at_risk * gone))
    low, high = log_log_bands(steps.survival, variance, level)
    return _curve(steps, 1 - steps.survival, variance, 1 - high, 1 - low)


def _steps(times: Sequence[float] | Floats, causes: Sequence[int] | NDArray[np.int64]) -> _Steps:
    when, what = np.asarray(times, dtype=np.float64), np.asarray(causes, dtype=np.int64)
    distinct, place = np.unique(when, return_inverse=True)
    leaving = np.bincount(place, minlength=distinct.size)
    at_risk = when.size - np.concatenate(([0], np.cumsum(leaving)))[:-1].astype(np.int64)
    events = np.bincount(place[what != 0], minlength=distinct.size)
    by_cause = {int(c): np.bincount(place[what == c], minlength=distinct.size) for c in np.unique(what[what != 0])}
    survival: Floats = np.cumprod(1 - events / at_risk, dtype=np.float64)
    before: Floats = np.concatenate((np.ones(1), survival))[: distinct.size]
    return _Steps(distinct, at_risk, events, by_cause, before, survival)


def _incidence(steps: _Steps, cause: int, level: float) -> Curve:
    n, happened = steps.at_risk, steps.causes.get(cause, np.zeros_like(steps.events))
    share = np.cumsum(steps.before * happened / n)
    any_end = _over(steps.events, n * (n - steps.events))
    own = np.cumsum(steps.before**2 * happened * (n - happened) / n.astype(np.float64) ** 3)
    both = steps.before * happened / n.astype(np.float64) ** 2
    squared = share**2 * np.cumsum(any_end) - 2 * share * np.cumsum(any_end * share) + np.cumsum(any_end * share**2)
    crossed = share * np.cumsum(both) - np.cumsum(both * share)
    variance = np.maximum(squared + own - 2 * crossed, 0.0)
    return _curve(steps, share, variance, *log_log_bands(share, variance, level))


def _over(above: NDArray[np.int64], below: NDArray[np.int64]) -> Floats:
    # Below is 0 only when the last at risk leave at once; nothing changes after that, so the term weighs nothing.
    return np.divide(above, below, out=np.zeros(above.size), where=below > 0)


def _curve(steps: _Steps, share: Floats, variance: Floats, low: Floats, high: Floats) -> Curve:
    open_end = bool(steps.times.size and steps.events[-1] < steps.at_risk[-1])
    return Curve(steps.times, share, variance, low, high, steps.at_risk, open_end)
