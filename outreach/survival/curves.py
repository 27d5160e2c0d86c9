"""A step curve with its bands: what it says at a time, and when it first says a share."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CLOSE = 1e-12
"""Two shares this near are the same: a sum of fractions may miss 1/2 by a rounding."""


@dataclass(frozen=True)
class At:
    """A share (0 to 1) with its limits; None: not known at that time, or no limits where it is exactly 0 or 1."""

    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Quantile:
    """When a share is first reached, with its limits, in the unit of the times; None: never."""

    at: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """A rising share, one entry per distinct time; `open_end`: somebody was still open at the last of them."""

    times: Floats
    share: Floats
    variance: Floats
    low: Floats
    high: Floats
    at_risk: NDArray[np.int64]
    open_end: bool

    def at(self, time: float) -> At:
        """The share at `time`; beyond the last time it is known only when nobody was still open."""
        if not self.times.size or (time > self.times[-1] and self.open_end):
            return At(None, None, None)
        i = int(np.searchsorted(self.times, time, side="right")) - 1
        if i < 0:
            return At(0.0, None, None)
        return At(float(self.share[i]), _known(self.low[i]), _known(self.high[i]))

    def quantile(self, share: float) -> Quantile:
        """When the curve first reaches `share`; limits by inverting the bands (Brookmeyer & Crowley 1982)."""
        return Quantile(self._first(self.share, share), self._first(self.high, share), self._first(self.low, share))

    def _first(self, line: Floats, share: float) -> float | None:
        there = np.flatnonzero(np.nan_to_num(line, nan=-1.0) >= share - CLOSE)
        return float(self.times[there[0]]) if there.size else None


def log_log_bands(share: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Pointwise limits by the log(-log) transform, which keeps them within 0 and 1; NaN where `share` is 0 or 1."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    inside = (share > 0) & (share < 1 - CLOSE)
    within = np.where(inside, share, 0.5)
    turned = np.log(-np.log(within))
    spread = z * np.sqrt(variance) / (within * np.abs(np.log(within)))
    low = np.where(inside, np.exp(-np.exp(turned + spread)), np.nan)
    high = np.where(inside, np.exp(-np.exp(turned - spread)), np.nan)
    return low, high


def _known(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
