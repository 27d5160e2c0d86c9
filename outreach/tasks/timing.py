"""When a check-in was made: the phone's time with its clock error taken out, within what is possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Timing:
    """The corrected moment, the clock error in it (seconds the phone is behind), and whether a bound was met."""

    at: datetime
    error_s: float
    bounded: bool


def correct(made_at: datetime, phone_now: datetime, now: datetime, accepted_at: datetime, limit: timedelta) -> Timing:
    """`made_at` on our clock: never before `accepted_at`, never after `now`, by no more than `limit` moved."""
    error = now - phone_now
    believed = max(-limit, min(limit, error))
    at = made_at + believed
    within = min(max(at, accepted_at), now)
    return Timing(within, believed.total_seconds(), within != at or believed != error)
