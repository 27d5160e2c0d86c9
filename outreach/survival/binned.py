"""Times kept as counts in log-spaced bins, which add up: the curve, and when it says a share, read from them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from outreach.survival.curves import CLOSE, Curve, Floats, Quantile
from outreach.survival.estimating import LEVEL, incidence_of_counts

ANCHORS = (0.1, 5.0, 15.0, 30.0, 60.0, 1440.0, 43200.0)
"""Minutes at which a bin ends exactly, so that the shares told at them lose nothing."""
WIDTH = 0.05
"""How much longer a bin's end is than its begin, at the most."""


def _edges() -> Floats:
    parts = [np.zeros(1) + ANCHORS[0]]
    for low, high in pairwise(ANCHORS):
        steps = int(np.ceil(np.log(high / low) / np.log1p(WIDTH)))
        parts.append(np.append(np.geomspace(low, high, steps + 1)[1:-1], high))
    # Whatever took longer than a month is one.
    return np.append(np.concatenate(parts), np.inf)


EDGES: Floats = _edges()
BINS = EDGES.size
"""Bin i holds what took longer than EDGES[i - 1] and up to EDGES[i] minutes."""


def bins_of(minutes: Floats) -> NDArray[np.int64]:
    """The bin of each time, in minutes from 0."""
    return np.searchsorted(EDGES, minutes, side="left").astype(np.int64)


def incidence_of_bins(
    happened: NDArray[np.int64], otherwise: NDArray[np.int64], still_open: NDArray[np.int64], level: float = LEVEL
) -> Curve:
    """The share to which it has happened by the end of each bin, whatever else may happen first.

    Each is a count per bin. Those still open are taken to have been watched to the end of their bin.
    """
    return incidence_of_counts(EDGES, happened, otherwise, still_open, level)


def quantile_of_bins(curve: Curve, share: float) -> Quantile:
    """When the curve reaches `share`: within its bin by the straight line between the bin's ends."""
    lines = (curve.share, curve.high, curve.low)
    at, low, high = (_first(curve.times, line, share) for line in lines)
    return Quantile(at, low, high)


def _first(times: Floats, line: Floats, share: float) -> float | None:
    known = np.nan_to_num(line, nan=-1.0)
    there = np.flatnonzero(known >= share - CLOSE)
    if not there.size:
        return None
    i = int(there[0])
    end = float(times[i])
    begin = float(EDGES[np.searchsorted(EDGES, end) - 1]) if end > EDGES[0] else 0.0
    before = max(float(known[i - 1]), 0.0) if i else 0.0
    rise = float(known[i]) - before
    return end if not np.isfinite(end) or rise <= 0 else begin + (end - begin) * min(1.0, (share - before) / rise)
