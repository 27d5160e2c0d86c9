"""Our shares and quantiles against lifelines, on the published data sets that it ships."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_larynx, load_lung, load_rossi, load_waltons
from lifelines.utils import median_survival_times, qth_survival_times

from outreach.survival import cumulative_incidence, incidence_by_cause, kaplan_meier

TINY = 1e-12


def lung() -> pd.DataFrame:
    """NCCTG lung cancer (Loprinzi 1994): men's deaths are cause 1, women's the competing cause 2, half a day later.

    The half day keeps causes from being tied, which lifelines would jitter.
    """
    data = load_lung()[["time", "status", "sex"]].astype(float)
    cause = np.where(data.status == 0, 0, np.where(data.sex == 1, 1, 2))
    return pd.DataFrame({"time": data.time + 0.5 * (cause == 2), "cause": cause})


def waltons() -> pd.DataFrame:
    """Flies (Waltons): deaths of the group miR-137 are cause 1, of the control group cause 2, half a day later."""
    data = load_waltons()
    cause = np.where(data.E == 0, 0, np.where(data.group == "miR-137", 1, 2))
    return pd.DataFrame({"time": data["T"] + 0.5 * (cause == 2), "cause": cause})


def rossi() -> pd.DataFrame:
    """Arrests (Rossi 1980): with financial aid cause 1, without it cause 2, half a week later; 318 of 432 censored."""
    data = load_rossi()
    cause = np.where(data.arrest == 0, 0, np.where(data.fin == 1, 1, 2))
    return pd.DataFrame({"time": data.week + 0.5 * (cause == 2), "cause": cause})


PUBLISHED = {"lung": lung, "waltons": waltons, "rossi": rossi}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("cause", [1, 2])
def test_shares_variances_and_bands_are_those_of_lifelines(name: str, cause: int) -> None:
    data = PUBLISHED[name]()
    judge = AalenJohansenFitter(calculate_variance=True).fit(data.time, data.cause, event_of_interest=cause)
    ours = cumulative_incidence(data.time, data.cause, cause)
    share = judge.cumulative_density_.iloc[:, 0].reindex(ours.times)
    assert np.max(np.abs(share - ours.share)) < TINY
    variance = judge.variance_.reindex(ours.times).to_numpy()
    known = np.isfinite(variance)
    assert known.sum() >= len(known) - 1
    assert np.max(np.abs(variance - ours.variance)[known]) < TINY
    bands = judge.confidence_interval_.reindex(ours.times)
    # lifelines names the columns upper, lower; its first is the smaller.
    for theirs, mine in zip((bands.iloc[:, 0], bands.iloc[:, 1]), (ours.low, ours.high), strict=True):
        both = np.isfinite(theirs.to_numpy()) & np.isfinite(mine)
        assert both.sum() > 20
        assert np.max(np.abs(theirs.to_numpy() - mine)[both]) < TINY


@pytest.mark.parametrize(("load", "time", "event"), [(load_larynx, "time", "death"), (load_waltons, "T", "E")])
def test_with_no_competing_end_it_is_kaplan_meier(load: Callable[[], pd.DataFrame], time: str, event: str) -> None:
    data = load()
    judge = KaplanMeierFitter().fit(data[time], data[event])
    ours = kaplan_meier(data[time], data[event])
    survival = judge.survival_function_.iloc[:, 0].reindex(ours.times)
    assert np.max(np.abs(1 - survival - ours.share)) < TINY
    bands = judge.confidence_interval_.reindex(ours.times).to_numpy()
    both = np.isfinite(ours.low)
    assert np.max(np.abs(1 - bands[both, 1] - ours.low[both])) < TINY
    assert np.max(np.abs(1 - bands[both, 0] - ours.high[both])) < TINY
    one_cause = cumulative_incidence(data[time], data[event])
    assert np.max(np.abs(one_cause.share - ours.share)) < TINY
    assert np.max(np.abs(one_cause.variance - ours.variance)) < TINY


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 0.9])
def test_quantiles_and_their_limits_are_those_of_lifelines(share: float) -> None:
    data = load_larynx()
    judge = KaplanMeierFitter().fit(data.time, data.death)
    found = kaplan_meier(data.time, data.death).quantile(share)
    theirs = judge.percentile(1 - share)
    assert (found.at if found.at is not None else np.inf) == theirs
    limits = qth_survival_times(1 - share, judge.confidence_interval_).to_numpy().ravel()
    for mine, limit in zip((found.low, found.high), limits, strict=True):
        assert (np.inf if mine is None else mine) == limit
    assert median_survival_times(judge) == kaplan_meier(data.time, data.death).quantile(0.5).at


def test_all_causes_and_those_still_open_add_up_to_one() -> None:
    data = load_lung()
    cause = np.where(data.status == 0, 0, 1 + np.arange(len(data)) % 3)
    curves = incidence_by_cause(data.time, cause)
    assert list(curves) == [1, 2, 3]
    left = 1 - kaplan_meier(data.time, cause).share
    assert np.max(np.abs(sum(c.share for c in curves.values()) + left - 1)) < TINY


def test_treating_the_ended_as_open_promises_too_much() -> None:
    data = rossi()
    honest = cumulative_incidence(data.time, data.cause).share[-1]
    assert kaplan_meier(data.time, np.where(data.cause == 1, 1, 0)).share[-1] > honest


def test_a_small_history_by_hand() -> None:
    # Minutes 1 reached, 2 ended, 3 still open, 4 reached: F = 1/4, 1/4, 1/4, 1/4 + 1/2.
    curve = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    assert curve.share.tolist() == [0.25, 0.25, 0.25, 0.75]
    assert curve.at(0.5).share == 0.0
    assert curve.at(3.9).share == 0.25
    assert curve.at(100).share == 0.75
    assert curve.quantile(0.5).at == 4
    assert curve.quantile(0.9).at is None


def test_half_of_ten_is_the_median_whatever_the_rounding() -> None:
    assert cumulative_incidence(range(1, 11), [1] * 5 + [2] * 5).quantile(0.5).at == 5


def test_beyond_the_last_look_nothing_is_promised() -> None:
    curve = cumulative_incidence([1, 2, 3], [1, 2, 0])
    assert curve.at(3).share == pytest.approx(1 / 3)
    assert curve.at(3.1).share is None


def test_nobody_and_nothing_yet() -> None:
    assert cumulative_incidence([], []).at(5).share is None
    nothing = cumulative_incidence([4, 5], [0, 0])
    assert (nothing.at(4).share, nothing.at(4).low) == (0.0, None)
    assert nothing.quantile(0.5).at is None
    assert cumulative_incidence([0, 0], [1, 1]).at(0).share == 1.0
