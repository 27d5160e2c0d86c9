"""The figures of a report: what was counted and estimated, of one group of targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """How many targets; `warned` = `reached` + `ended_unreached` + `ended_otherwise` + `still_open`, always.

    A target reached after its end is `reached`, and `reached_late` too. `ended_unreached`: nobody could be found, or
    time ran out; `ended_otherwise`: another end came before anybody reached them, such as the three below it.
    `following_up` were reached and have not ended.
    """

    warned: int
    contacted: int
    reached: int
    reached_late: int
    convinced: int
    following_up: int
    ended_unreached: int
    ended_otherwise: int
    false_alarm: int
    withdrawn: int
    closed: int
    still_open: int
    accurate: int
    inaccurate: int


@dataclass(frozen=True)
class Reached:
    """The share (0 to 1) reached within `minutes`, by Aalen-Johansen with its 95 % limits; None: not known yet.

    Beside it two figures that flatter or fall short: `naive`, reached by then out of all warned, as if those still
    open never were; and `if_ends_were_open`, one minus Kaplan-Meier, as if those whom an end came first to still could.
    """

    minutes: float
    share: float | None
    low: float | None
    high: float | None
    naive: float | None
    if_ends_were_open: float | None


@dataclass(frozen=True)
class When:
    """After how many minutes the `share` (0 to 1) of all was reached, with 95 % limits; None: never, or not yet."""

    share: float
    minutes: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Cause:
    """The part that one channel or role has in all targets reached; the parts add up to the whole share."""

    name: str
    count: int
    within: tuple[Reached, ...]


@dataclass(frozen=True)
class Stage:
    """Between two known moments of the same target: of how many it is known, mean and median minutes."""

    begins: str
    ends: str
    count: int
    mean: float
    median: float


@dataclass(frozen=True)
class Group:
    """All figures of one group of targets; `complete`: nobody is still open, so a None is "never", not "not yet"."""

    name: str
    counts: Counts
    complete: bool
    within: tuple[Reached, ...]
    quantiles: tuple[When, ...]
    channels: tuple[Cause, ...]
    roles: tuple[Cause, ...]
    stages: tuple[Stage, ...]
