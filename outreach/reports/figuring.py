"""From a tally to the figures that are shown: the curve, shares and quantiles, how far they got, where minutes went."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from outreach.reports.packing import CHANNELS, MARKS, STAGES, TELLERS, Tally
from outreach.survival import EDGES, Curve, Quantile, incidence_of_bins, quantile_of_bins

FEW = 20
"""With fewer targets a share says little: it is told with its number, and put in no class."""
Z = 1.959963984540054
DAY_MIN = 1440.0
DRAWN = [float(edge) for edge in EDGES if edge <= 60.0][::3]


@dataclass(frozen=True)
class Shown:
    """The share (0 to 1) reached within so many minutes with its 95 % limits; None: not known."""

    share: float | None
    low: float | None
    high: float | None


def curve_of(tally: Tally) -> Curve:
    """The share reached by minute; every end before it competes, and those open are censored."""
    return incidence_of_bins(tally.reached, tally.of("unreached") + tally.of("otherwise"), tally.of("open"))


def share_within(tally: Tally, minutes: float) -> Shown:
    """The share reached within so many minutes."""
    at = curve_of(tally).at(minutes)
    return Shown(at.share, at.low, at.high)


def difference(now: Tally, then: Tally, minutes: float) -> dict[str, float | None]:
    """By how much `now`'s share within so many minutes is above `then`'s, with 95 % limits; None where one has FEW.

    No target is in both, so the variance of the difference is the sum of the two, each as in the curve's band; the
    limits are those of a normal difference at one fixed time (Klein & Moeschberger 2003, Survival Analysis, 2nd ed.,
    sec. 7.8).
    """
    ours, theirs = share_within(now, minutes), share_within(then, minutes)
    if ours.share is None or theirs.share is None or min(now.one("warned"), then.one("warned")) < FEW:
        return {"difference": None, "difference_low": None, "difference_high": None}
    spread = Z * sqrt(_variance(now, minutes) + _variance(then, minutes))
    change = ours.share - theirs.share
    return {"difference": change, "difference_low": change - spread, "difference_high": change + spread}


def _variance(tally: Tally, minutes: float) -> float:
    curve = curve_of(tally)
    at = int(np.searchsorted(curve.times, minutes, side="right")) - 1
    return float(curve.variance[at]) if at >= 0 else 0.0


def figures_of(name: str, tally: Tally) -> dict[str, Any]:
    """All figures of these targets, by name."""
    curve, warned = curve_of(tally), tally.one("warned")
    return {
        "name": name,
        "warned": warned,
        "few": warned < FEW,
        "still_open": int(tally.of("open").sum()),
        "following_up": tally.one("following_up"),
        "complete": not int(tally.of("open").sum()),
        "within": [_at(tally, curve, minutes) for minutes in MARKS],
        "median": _when(quantile_of_bins(curve, 0.5)),
        "ninth_tenth": _when(quantile_of_bins(curve, 0.9)),
        "curve": [_at(tally, curve, minutes) for minutes in sorted({*DRAWN, *MARKS, DAY_MIN})],
        "funnel": _funnel(tally),
        "stages": [_stages(tally, channel) for channel in ("all", *CHANNELS)],
        "unreached": _unreached(tally),
        "other_ends": {state: tally.one(state) for state in ("false_alarm", "withdrawn", "closed")},
        "accuracy": _rate(tally.one("accurate"), tally.one("accurate") + tally.one("inaccurate")),
        "feedback": _rate(tally.one("fed_back"), tally.one("ended")),
        "aftermath": _aftermath(tally),
    }


def _at(tally: Tally, curve: Curve, minutes: float) -> dict[str, float | None]:
    at, reached = curve.at(minutes), int(tally.reached[minutes >= EDGES].sum())
    return {"minutes": minutes, "share": at.share, "low": at.low, "high": at.high, "reached": reached}


def _when(found: Quantile) -> dict[str, float | None]:
    known = [each if each is not None and np.isfinite(each) else None for each in (found.at, found.low, found.high)]
    return {"minutes": known[0], "low": known[1], "high": known[2]}


def _funnel(tally: Tally) -> dict[str, Any]:
    steps = {"contacted": tally.of("contacted"), "reached": tally.by_channel, "convinced": tally.of("convinced")}
    return {
        name: {"count": int(counts.sum()), "by": dict(zip(CHANNELS, map(int, counts), strict=True))}
        for name, counts in steps.items()
    }


def _stages(tally: Tally, channel: str) -> dict[str, Any]:
    sums, told = tally.of("stage_ms").reshape(len(CHANNELS), len(STAGES)), tally.of("told")
    rows = slice(None) if channel == "all" else slice(CHANNELS.index(channel), CHANNELS.index(channel) + 1)
    reached, source_told = int(tally.by_channel[rows].sum()), int(told[rows].sum())
    counts = [reached] * (len(STAGES) - 1) + [source_told]
    minutes = [float(ms) / 60000 / n if n else None for ms, n in zip(sums[rows].sum(axis=0), counts, strict=True)]
    return {
        "channel": channel,
        "count": reached,
        "told": source_told,
        "stages": [{"until": name, "minutes": each} for name, each in zip(STAGES, minutes, strict=True)],
        "together": sum(each for each in minutes if each is not None) if reached else None,
    }


def _unreached(tally: Tally) -> dict[str, Any]:
    reasons = [{"reason": reason, "count": n} for reason, n in tally.reasons.most_common() if n]
    return {"count": int(tally.of("unreached").sum()), "reasons": reasons}


def _rate(numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "rate": numerator / denominator if denominator else None,
        "few": denominator < FEW,
    }


def _aftermath(tally: Tally) -> dict[str, Any]:
    told = {name: int(n) for name, n in zip(TELLERS, tally.of("lost_told_by"), strict=True)}
    return {
        "defrauded": tally.one("defrauded"),
        "defrauded_convinced": tally.one("defrauded_convinced"),
        "convinced": int(tally.of("convinced").sum()),
        "lost": tally.one("lost"),
        "told_by": told,
    }
