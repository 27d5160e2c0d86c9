"""Figures with the same key are added up."""

from __future__ import annotations

import numpy as np

from outreach.reports.packing import Counted

CROWDED, MOST_PLACES = 16, 1 << 22
"""Up to so many places for each figure, and so many in all (32 MB), are counted in place: a year's map, a million
figures, takes 14 ms so, and sorted 100."""


def added(key: Counted, value: Counted) -> tuple[Counted, Counted]:
    """The distinct keys in order, and the sum of the values of each where it is not nought."""
    span = int(key.max()) + 1 if key.size else 0
    if span <= min(CROWDED * key.size, MOST_PLACES):
        sums = np.zeros(span, np.int64)
        np.add.at(sums, key, value)
        there = np.flatnonzero(sums)
        return there, sums[there]
    order = np.argsort(key, kind="stable")
    key, value = key[order], value[order]
    begins = np.flatnonzero(np.concatenate((np.ones(min(1, key.size), bool), key[1:] != key[:-1])))
    if not begins.size:
        return key, value
    sums = np.add.reduceat(value, begins)
    some = sums != 0
    return key[begins][some], sums[some]
