"""The clock: the only place that reads the time of day; edges read it once and pass `now` down."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, and how long a span of it lasts in real seconds."""

    def now(self) -> datetime:
        """The time now, in UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """How many seconds to wait for `span` to pass."""
        ...


class WallClock:
    """The time of day."""

    def now(self) -> datetime:
        """The time now, in UTC."""
        return datetime.now(UTC)

    def real_seconds(self, span: timedelta) -> float:
        """A second is a second."""
        return span.total_seconds()


@dataclass
class FastClock:
    """A clock that starts `head_start` ago and runs `rate` times as fast until it meets the wall clock."""

    head_start: timedelta
    rate: float
    started: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """The rehearsed time now, in UTC; never ahead of the wall clock."""
        real = time.time()
        behind = self.head_start.total_seconds() - (real - self.started) * (self.rate - 1)
        return datetime.fromtimestamp(real - max(behind, 0.0), UTC)

    def real_seconds(self, span: timedelta) -> float:
        """How many real seconds `span` takes, counting the stretch that runs fast first."""
        wanted = span.total_seconds()
        left_fast = max((datetime.fromtimestamp(time.time(), UTC) - self.now()).total_seconds(), 0.0)
        fast_real = left_fast / (self.rate - 1) if self.rate > 1 else 0.0
        fast_span = fast_real * self.rate
        if wanted <= fast_span:
            return wanted / self.rate
        return fast_real + wanted - fast_span


class SetClock:
    """A clock that stands still until it is moved; for tests and dry runs."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time it was last set to."""
        return self.at

    def real_seconds(self, span: timedelta) -> float:
        """Nothing takes time on a clock that stands."""
        return 0.0

    def advance(self, span: timedelta) -> None:
        """Move it forward by `span`."""
        self.at += span
