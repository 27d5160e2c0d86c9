"""The report on a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from outreach.models.states import Severity
from outreach.web.answers.base import Answer


class ShareBy(Answer):
    """The share (0 to 1) reached within so many minutes, with its 95 % limits (null: not known yet); how many were."""

    minutes: float
    share: float | None
    low: float | None
    high: float | None
    reached: int


class MinutesUntil(Answer):
    """After how many minutes so many were reached, with 95 % limits; null: never, or not yet."""

    minutes: float | None
    low: float | None
    high: float | None


class Step(Answer):
    """How many got so far, and by which channel: contacted by the first, reached and convinced by what reached them."""

    count: int
    by: dict[str, int]


class Funnel(Answer):
    """How far they got."""

    contacted: Step
    reached: Step
    convinced: Step


class StageMinutes(Answer):
    """The mean minutes up to this moment from the one before; of those reached, source told of those told."""

    until: str
    minutes: float | None


class StagesOf(Answer):
    """Where the minutes went of those reached by one channel, or by `all`; `together` is the sum of the means."""

    channel: str
    count: int
    told: int
    stages: list[StageMinutes]
    together: float | None


class Reason(Answer):
    """Why so many were not reached."""

    reason: str
    count: int


class Unreached(Answer):
    """How many ended unreached, and why."""

    count: int
    reasons: list[Reason]


class Rate(Answer):
    """A share with what it is of; `few`: fewer than 20."""

    numerator: int
    denominator: int
    rate: float | None
    few: bool


class Aftermath(Answer):
    """How many were defrauded all the same, the sum lost in whole units of the report's currency, and who told."""

    defrauded: int
    defrauded_convinced: int
    convinced: int
    lost: int
    told_by: dict[str, int]


class Figures(Answer):
    """All figures of one group; `few`: fewer than 20 targets, `complete`: nobody is open, so null means never."""

    name: str
    warned: int
    few: bool
    still_open: int
    following_up: int
    complete: bool
    within: list[ShareBy]
    median: MinutesUntil
    ninth_tenth: MinutesUntil
    curve: list[ShareBy]
    funnel: Funnel
    stages: list[StagesOf]
    unreached: Unreached
    other_ends: dict[str, int]
    accuracy: Rate
    feedback: Rate
    aftermath: Aftermath


class Group(Figures):
    """All figures of one part of a split: its `name` is a code, `names` what it is called by language, where it is."""

    names: dict[str, str]


class Past(Answer):
    """The share within the target of an earlier period, and by how much it has changed since, with 95 % limits."""

    frm: date = Field(alias="from")
    to: date
    warned: int
    few: bool
    share: float | None
    low: float | None
    high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None


class Compared(Answer):
    """By how much the share within the target of one part is above the other's, with 95 % limits; null: under 20."""

    first: str
    second: str
    difference: float | None
    difference_low: float | None
    difference_high: float | None


class AreaShare(Answer):
    """The share within the target in one area (null: cases of no area); `boundary` is GeoJSON."""

    code: str | None
    name: str | None
    path: str | None
    boundary: dict[str, Any] | None
    warned: int
    few: bool
    share: float | None


class HourShare(Answer):
    """Those warned in one hour of weekdays or weekends: `within` the target of all `known` to have been or not.

    `nobody` is the share (0 to 1) of the grids, over the time that has been, in which nobody was on shift; null: the
    area has no grids, the hour has not been, or the period is longer than 31 days.
    """

    weekend: bool
    hour: int
    warned: int
    known: int
    within: int
    few: bool
    share: float | None
    nobody: float | None


class Spread(Answer):
    """How tasks are spread over responders, of whom nobody is named; the busiest tenth's share of all is 0 to 1."""

    responders: int
    tasks: int
    least: int
    median: float
    ninth_tenth: float
    most: int
    busiest_tenth: float | None


class PeriodReport(Answer):
    """The report on whole days of `time_zone`, as known at `now`; ended until `settled` is read from rollups.

    `currency` (ISO 4217; null: not said) is that of the amounts lost. `exercises` are targets that no figure counts.
    `compared` are two of the `groups`, where there are two.
    """

    frm: date = Field(alias="from")
    to: date
    time_zone: str
    area: str | None
    categories: list[str]
    severities: list[Severity]
    split: str | None
    now: datetime
    settled: datetime | None
    target_minutes: float
    currency: str | None
    all: Figures
    before: Past
    year_before: Past
    groups: list[Group]
    compared: Compared | None
    areas: list[AreaShare]
    hours: list[HourShare]
    load: Spread
    exercises: int
