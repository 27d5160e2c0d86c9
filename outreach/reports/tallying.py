"""From targets to figures: each target finds its subject and its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from outreach.models.states import EndState
from outreach.reports.adding import added
from outreach.reports.facts import Facts, Numbers, Texts
from outreach.reports.packing import CHANNELS, HOURS, MARKS, PLACES, SIZE, STAGES, TELLERS
from outreach.reports.sheets import Sheet, Subject, empty
from outreach.survival import BINS, bins_of

HOUR_S = 3600
FED_BACK_S = 24 * 3600
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """What is counted, one entry each: the number of the target, the place of the figure, and by how much it rises."""

    targets: list[Places] = field(default_factory=list)
    places: list[Places] = field(default_factory=list)
    values: list[Places] = field(default_factory=list)

    def add(self, name: str, some: NDArray[np.bool_], place: Places | int = 0, value: Places | int = 1) -> None:
        """Count these targets at that place of the figure; places and values are those of all targets."""
        self.add_at(np.flatnonzero(some), PLACES[name].start + place, value)

    def add_at(self, targets: Places, place: Places | int, value: Places | int) -> None:
        """Count the targets of these numbers; arrays as long as all targets are, or one number for all."""
        self.targets.append(targets)
        self.places.append(_of(place, targets))
        self.values.append(_of(value, targets))


def _of(given: Places | int, targets: Places) -> Places:
    return given[targets] if isinstance(given, np.ndarray) else np.full(targets.size, given, np.int64)


def tally(facts: Facts, now: datetime, zone: ZoneInfo) -> Sheet:
    """The figures of these targets by subject, those still open as of `now`; hours of the day are those of `zone`."""
    return _sheet(facts, np.zeros(len(facts), np.int64), now, zone).get(0, empty())


def tally_hours(facts: Facts, now: datetime, zone: ZoneInfo) -> dict[datetime, Sheet]:
    """The same, apart for each hour (UTC) of the warning."""
    hours = (facts.times["received"] // HOUR_S).astype(np.int64)
    return {hour_of(float(hour) * HOUR_S): sheet for hour, sheet in _sheet(facts, hours, now, zone).items()}


def _sheet(facts: Facts, apart: Places, now: datetime, zone: ZoneInfo) -> dict[int, Sheet]:
    """A sheet for each number in `apart`, which has one for each target."""
    if not len(facts):
        return {}
    counts = Counts()
    _count_times(counts, facts, now.timestamp())
    _count_flags(counts, facts)
    _count_stages(counts, facts)
    _count_hours(counts, facts, now.timestamp(), zone)
    reasons = _count_reasons(counts, facts)
    words, codes = zip(*(_coded(facts.words[name]) for name in Subject._fields), strict=True)
    there, begins = np.unique(apart, return_inverse=True)
    sizes = (there.size, *(len(table) for table in words))
    subjects, subject = np.unique(np.ravel_multi_index((begins, *codes), sizes), return_inverse=True)
    wide = SIZE + len(reasons)
    entry = subject[np.concatenate(counts.targets)] * wide + np.concatenate(counts.places)
    key, value = added(entry, np.concatenate(counts.values))
    columns = np.stack(np.unravel_index(subjects, sizes), axis=1).astype(np.int64)
    whole = Sheet((*words, reasons), columns[:, 1:], key // wide, key % wide, value)
    ends = np.searchsorted(columns[:, 0][whole.of], np.arange(there.size), side="right")
    parts = zip(np.concatenate(([0], ends[:-1])), ends, strict=True)
    return {int(number): whole.between(*part) for number, part in zip(there, parts, strict=True)}


def _coded(texts: Texts) -> tuple[Texts, Places]:
    """The distinct words in order, and for each text the number of its word."""
    words = sorted(set(texts))
    numbers = {word: i for i, word in enumerate(words)}
    return words, np.array([numbers[text] for text in texts], np.int64)


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


def _channel(words: Texts) -> Places:
    return _numbered(CHANNELS, words)


def _numbered(names: Sequence[str], words: Texts) -> Places:
    """The place of each word among the names; any other is the last, `other`."""
    numbers = {name: i for i, name in enumerate(names)}
    return np.array([numbers.get(word, len(names) - 1) for word in words], np.int64)


def _known(values: Numbers) -> NDArray[np.bool_]:
    return ~np.isnan(values)


def _count_times(counts: Counts, facts: Facts, now_s: float) -> None:
    bins = bins_of(minutes_from(facts, now_s))
    reached, ended = _known(facts.times["reached"]), _known(facts.times["ended"])
    states = np.array(facts.words["end_state"])
    unreached = (states == EndState.UNREACHED.value) & ~reached
    counts.add("reached", reached, _channel(facts.words["reached_by"]) * BINS + bins)
    counts.add("unreached", unreached, bins)
    otherwise = ended & ~reached & ~unreached
    counts.add("otherwise", otherwise, bins)
    counts.add("open", ~ended & ~reached, bins)
    counts.add("following_up", reached & ~ended)
    for state in (EndState.FALSE_ALARM, EndState.WITHDRAWN, EndState.CLOSED):
        counts.add(state.value, otherwise & (states == state.value))


def _count_flags(counts: Counts, facts: Facts) -> None:
    times, flags = facts.times, facts.flags
    counts.add("warned", np.ones(len(facts), bool))
    for name, by in (("contacted", "contacted_by"), ("convinced", "reached_by")):
        counts.add(name, _known(times[name]), _channel(facts.words[by]))
    for name, value in (("accurate", 1.0), ("inaccurate", 0.0)):
        counts.add(name, flags["accurate"] == value)
    ended = _known(times["ended"])
    counts.add("ended", ended)
    counts.add("fed_back", ended & (times["told"] <= times["ended"] + FED_BACK_S))
    lost = flags["defrauded"] == 1.0
    counts.add("defrauded", lost)
    counts.add("defrauded_convinced", lost & _known(times["convinced"]))
    counts.add("lost", lost, 0, np.nan_to_num(flags["lost"]).astype(np.int64))
    counts.add("lost_told_by", lost, _numbered(TELLERS, facts.words["lost_told_by"]))


def _count_stages(counts: Counts, facts: Facts) -> None:
    reached, by = _known(facts.times["reached"]), _channel(facts.words["reached_by"])
    last = np.fmin(facts.times["detected"], facts.times["received"])
    for place, name in enumerate(STAGES[:-1]):
        at = facts.times[name]
        # A moment that is not known, or out of order, takes no time: the next one known takes it all.
        here = np.where(np.isnan(at) | (at < last), last, at)
        counts.add("stage_ms", reached, by * len(STAGES) + place, _ms(here - last))
        last = here
    told = facts.times["told"]
    there = reached & _known(told)
    taken = _ms(np.maximum(np.where(there, told, last) - last, 0.0))
    counts.add("stage_ms", there, by * len(STAGES) + len(STAGES) - 1, taken)
    counts.add("told", there, by)


def _ms(seconds: Numbers) -> Places:
    return np.rint(seconds * 1000).astype(np.int64)


def _count_hours(counts: Counts, facts: Facts, now_s: float, zone: ZoneInfo) -> None:
    places = _places_of_hours(facts.times["received"], zone)
    taken, reached = minutes_from(facts, now_s), _known(facts.times["reached"])
    waiting = ~reached & ~_known(facts.times["ended"])
    counts.add("hour_warned", np.ones(len(facts), bool), places)
    # Each is counted once, at the first mark that it kept or has yet to come to; the later ones follow by adding up.
    kept, to_come = np.searchsorted(MARKS, taken, side="left"), np.searchsorted(MARKS, taken, side="right")
    for name, some, mark in (("hour_within", reached, kept), ("hour_waiting", waiting, to_come)):
        counts.add(name, some & (mark < len(MARKS)), mark * HOURS + places)


def _places_of_hours(received: Numbers, zone: ZoneInfo) -> Places:
    hours, back = np.unique(received // HOUR_S, return_inverse=True)
    return np.array([place_of(hour_of(hour * HOUR_S), zone) for hour in hours], np.int64)[back]


def place_of(hour: datetime, zone: ZoneInfo) -> int:
    """Which of the 48 hours of weekdays and weekends it is there."""
    there = hour.astimezone(zone)
    return there.hour + (HOURS // 2 if there.weekday() >= 5 else 0)


def _count_reasons(counts: Counts, facts: Facts) -> Texts:
    """Count why those unreached were not; answers the reasons, which have the places from SIZE on."""
    unreached = np.array(facts.words["end_state"]) == EndState.UNREACHED.value
    reasons, codes = _coded(facts.words["end_reason"])
    counts.add_at(np.flatnonzero(unreached & ~_known(facts.times["reached"])), SIZE + codes, 1)
    return reasons
