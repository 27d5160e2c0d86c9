"""The layout of a tally: one row of whole numbers in which every figure has its place, so that tallies add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from outreach.survival import BINS

Counted = NDArray[np.int64]
CHANNELS = ("sms", "voice", "call", "visit", "other")
STAGES = ("received", "first attempt", "delivered", "offered", "accepted", "arrived", "reached", "source told")
"""Each stage is the time up to this moment from the one before; the first begins when the danger was detected."""
TELLERS = ("police", "bank", "resident", "other")
HOURS = 48
"""The hours of a weekday, then those of Saturday and Sunday."""
MARKS = (5.0, 15.0, 30.0, 60.0)
"""Minutes at which shares are told: a bin ends at each, so that what is kept tells them exactly."""
_SIZES = {
    "reached": len(CHANNELS) * BINS,
    "unreached": BINS,
    "otherwise": BINS,
    "open": BINS,
    "warned": 1,
    "contacted": len(CHANNELS),
    "convinced": len(CHANNELS),
    "accurate": 1,
    "inaccurate": 1,
    "ended": 1,
    "fed_back": 1,
    "following_up": 1,
    "false_alarm": 1,
    "withdrawn": 1,
    "closed": 1,
    "stage_ms": len(CHANNELS) * len(STAGES),
    "told": len(CHANNELS),
    "hour_warned": HOURS,
    "hour_within": len(MARKS) * HOURS,
    "hour_waiting": len(MARKS) * HOURS,
    "defrauded": 1,
    "defrauded_convinced": 1,
    "lost": 1,
    "lost_told_by": len(TELLERS),
}


def _places() -> dict[str, slice]:
    found, begin = {}, 0
    for name, size in _SIZES.items():
        found[name] = slice(begin, begin + size)
        begin += size
    return found


PLACES = _places()
SIZE = sum(_SIZES.values())


@dataclass
class Tally:
    """The figures of some targets, which add up with others'; `reasons` counts why those unreached were not."""

    counts: Counted = field(default_factory=lambda: np.zeros(SIZE, np.int64))
    reasons: Counter[str] = field(default_factory=Counter)

    def of(self, name: str) -> Counted:
        """The part of that name."""
        found: Counted = self.counts[PLACES[name]]
        return found

    def one(self, name: str) -> int:
        """The one number of that name."""
        return int(self.counts[PLACES[name].start])

    def add(self, other: Tally, times: int = 1) -> None:
        """Take in the other's, or with -1 take them out."""
        self.counts += times * other.counts
        for reason, number in other.reasons.items():
            self.reasons[reason] += times * number

    def up_to(self, name: str, minutes: float) -> Counted:
        """The part of that name, an entry for each hour, counted at the marks up to `minutes`."""
        marks = sum(mark <= minutes for mark in MARKS)
        found: Counted = self.of(name).reshape(len(MARKS), HOURS)[:marks].sum(axis=0)
        return found

    @property
    def by_channel(self) -> Counted:
        """How many were reached on each channel."""
        found: Counted = self.of("reached").reshape(len(CHANNELS), BINS).sum(axis=1)
        return found

    @property
    def reached(self) -> Counted:
        """How many were reached, by bin of minutes."""
        found: Counted = self.of("reached").reshape(len(CHANNELS), BINS).sum(axis=0)
        return found
