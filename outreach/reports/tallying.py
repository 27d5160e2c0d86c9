"""From targets to tallies: each target finds its kind and its places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from outreach.models.states import EndState
from outreach.reports.facts import Facts, Numbers, Texts
from outreach.reports.packing import CHANNELS, HOURS, PLACES, SIZE, STAGES, TELLERS, Counted, Tally
from outreach.survival import BINS, bins_of

HOUR_S = 3600
WITHIN_MIN = 30.0
FED_BACK_S = 24 * 3600
Places = NDArray[np.int64]


class Subject(NamedTuple):
    """What targets of one tally have in common: ids, and the severity."""

    area: str
    category: str
    policy: str
    severity: str


class Kind(NamedTuple):
    """The same, with the hour (UTC) of the warning and its source."""

    hour: datetime
    source: str
    subject: Subject


def tally_kinds(facts: Facts, now: datetime, zone: ZoneInfo) -> dict[Kind, Tally]:
    """The tallies of these targets by kind, those still open as of `now`; hours of the day are those of `zone`."""
    kinds, group = _grouped(facts)
    return dict(zip(kinds, _tallies(len(kinds), group, facts, now, zone), strict=True))


def tally(facts: Facts, now: datetime, zone: ZoneInfo) -> dict[Subject, Tally]:
    """The same by subject, whatever the hour and the source."""
    numbers: dict[Subject, int] = {}
    group = np.array([numbers.setdefault(subject, len(numbers)) for subject in _subjects(facts)], np.int64)
    return dict(zip(numbers, _tallies(len(numbers), group, facts, now, zone), strict=True))


def _tallies(size: int, group: Places, facts: Facts, now: datetime, zone: ZoneInfo) -> list[Tally]:
    if not size:
        return []
    matrix = np.zeros((size, SIZE), np.int64)
    _count_times(matrix, group, facts, now.timestamp())
    _count_flags(matrix, group, facts)
    _count_stages(matrix, group, facts)
    _count_hours(matrix, group, facts, now.timestamp(), zone)
    tallies = [Tally(row) for row in matrix]
    _count_reasons(tallies, group, facts)
    return tallies


def hour_of(seconds: float) -> datetime:
    """The hour in UTC in which a moment lies, given in seconds since 1970."""
    return datetime.fromtimestamp(seconds // HOUR_S * HOUR_S, UTC)


def minutes_from(facts: Facts, now_s: float) -> Numbers:
    """Minutes from the warning until reached, else ended, else now."""
    reached, ended, received = (facts.times[name] for name in ("reached", "ended", "received"))
    end = np.where(np.isnan(reached), np.where(np.isnan(ended), now_s, ended), reached)
    return minutes(np.maximum(end - received, 0.0))


def minutes(seconds: Numbers) -> Numbers:
    """Seconds as minutes, without the dust of a sum of fractions: what took half an hour took no more."""
    found: Numbers = np.rint(seconds * 1e6) / 6e7
    return found


def _grouped(facts: Facts) -> tuple[list[Kind], Places]:
    numbers: dict[tuple[float, str, Subject], int] = {}
    hours = (facts.times["received"] // HOUR_S).tolist()
    keys = zip(hours, facts.words["source"], _subjects(facts), strict=True)
    group = [numbers.setdefault(key, len(numbers)) for key in keys]
    kinds = [Kind(hour_of(hour * HOUR_S), source, subject) for hour, source, subject in numbers]
    return kinds, np.array(group, np.int64)


def _subjects(facts: Facts) -> list[Subject]:
    words = (facts.words[name] for name in Subject._fields)
    return [Subject(*each) for each in zip(*words, strict=True)]


def _add(matrix: Counted, name: str, group: Places, place: Places | int = 0, value: Places | int = 1) -> None:
    np.add.at(matrix, (group, PLACES[name].start + place), value)


def _channel(words: Texts) -> Places:
    return _numbered(CHANNELS, words)


def _numbered(names: Sequence[str], words: Texts) -> Places:
    """The place of each word among the names; any other is the last, `other`."""
    numbers = {name: i for i, name in enumerate(names)}
    return np.array([numbers.get(word, len(names) - 1) for word in words], np.int64)


def _known(values: Numbers) -> NDArray[np.bool_]:
    return ~np.isnan(values)


def _count_times(matrix: Counted, group: Places, facts: Facts, now_s: float) -> None:
    bins = bins_of(minutes_from(facts, now_s))
    reached, ended = _known(facts.times["reached"]), _known(facts.times["ended"])
    unreached = np.array([state == EndState.UNREACHED.value for state in facts.words["end_state"]]) & ~reached
    by = _channel(facts.words["reached_by"])
    _add(matrix, "reached", group[reached], (by * BINS + bins)[reached])
    _add(matrix, "unreached", group[unreached], bins[unreached])
    otherwise, still_open = ended & ~reached & ~unreached, ~ended & ~reached
    _add(matrix, "otherwise", group[otherwise], bins[otherwise])
    _add(matrix, "open", group[still_open], bins[still_open])
    _add(matrix, "following_up", group[reached & ~ended])
    for state in (EndState.FALSE_ALARM, EndState.WITHDRAWN, EndState.CLOSED):
        these = otherwise & np.array([word == state.value for word in facts.words["end_state"]])
        _add(matrix, state.value, group[these])


def _count_flags(matrix: Counted, group: Places, facts: Facts) -> None:
    times, flags = facts.times, facts.flags
    _add(matrix, "warned", group)
    for name, by in (("contacted", "contacted_by"), ("convinced", "reached_by")):
        some = _known(times[name])
        _add(matrix, name, group[some], _channel(facts.words[by])[some])
    for name, value in (("accurate", 1.0), ("inaccurate", 0.0)):
        _add(matrix, name, group[flags["accurate"] == value])
    ended = _known(times["ended"])
    _add(matrix, "ended", group[ended])
    _add(matrix, "fed_back", group[ended & (times["told"] <= times["ended"] + FED_BACK_S)])
    lost = flags["defrauded"] == 1.0
    _add(matrix, "defrauded", group[lost])
    _add(matrix, "defrauded_convinced", group[lost & _known(times["convinced"])])
    _add(matrix, "lost", group[lost], 0, np.nan_to_num(flags["lost"][lost]).astype(np.int64))
    _add(matrix, "lost_told_by", group[lost], _numbered(TELLERS, facts.words["lost_told_by"])[lost])


def _count_stages(matrix: Counted, group: Places, facts: Facts) -> None:
    some = np.flatnonzero(_known(facts.times["reached"]))
    if not some.size:
        return
    by = _channel(facts.words["reached_by"])[some]
    last = np.minimum(facts.times["detected"][some], facts.times["received"][some])
    for place, name in enumerate(STAGES[:-1]):
        at = facts.times[name][some]
        # A moment that is not known, or out of order, takes no time: the next one known takes it all.
        here = np.where(np.isnan(at) | (at < last), last, at)
        _add(matrix, "stage_ms", group[some], by * len(STAGES) + place, _ms(here - last))
        last = here
    told = facts.times["told"][some]
    there = _known(told)
    taken = _ms(np.maximum(told - last, 0.0)[there])
    _add(matrix, "stage_ms", group[some][there], by[there] * len(STAGES) + len(STAGES) - 1, taken)
    _add(matrix, "told", group[some][there], by[there])


def _ms(seconds: Numbers) -> Places:
    return np.rint(seconds * 1000).astype(np.int64)


def _count_hours(matrix: Counted, group: Places, facts: Facts, now_s: float, zone: ZoneInfo) -> None:
    places = _places_of_hours(facts.times["received"], zone)
    taken, reached = minutes_from(facts, now_s), _known(facts.times["reached"])
    known = reached | _known(facts.times["ended"]) | (taken >= WITHIN_MIN)
    _add(matrix, "hour_warned", group, places)
    _add(matrix, "hour_known", group[known], places[known])
    within = reached & (taken <= WITHIN_MIN)
    _add(matrix, "hour_within", group[within], places[within])


def _places_of_hours(received: Numbers, zone: ZoneInfo) -> Places:
    hours, back = np.unique(received // HOUR_S, return_inverse=True)
    return np.array([place_of(hour_of(hour * HOUR_S), zone) for hour in hours], np.int64)[back]


def place_of(hour: datetime, zone: ZoneInfo) -> int:
    """Which of the 48 hours of weekdays and weekends it is there."""
    there = hour.astimezone(zone)
    return there.hour + (HOURS // 2 if there.weekday() >= 5 else 0)


def _count_reasons(tallies: Sequence[Tally], group: Places, facts: Facts) -> None:
    reached = _known(facts.times["reached"])
    for i in np.flatnonzero(~reached):
        if facts.words["end_state"][i] == EndState.UNREACHED.value:
            tallies[group[i]].reasons[facts.words["end_reason"][i]] += 1
