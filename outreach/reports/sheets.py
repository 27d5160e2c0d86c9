"""The figures of many subjects with only those that are not nought: what rollups are kept as, and added up from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from outreach.reports.adding import added
from outreach.reports.packing import PLACES, SIZE, Counted, Tally

Texts = list[str]
WIDE = 255
"""Stands for a figure that does not fit in a byte; those follow at the end."""


class Subject(NamedTuple):
    """What targets of one tally have in common: ids, and the severity; empty where there is none, or any."""

    area: str
    category: str
    policy: str
    severity: str


FIELDS = len(Subject._fields)


@dataclass(frozen=True)
class Sheet:
    """Figures in columns, one entry each: `value` stands at `place` in the tally of subject number `of`.

    `subjects` has a row for each subject, with the number of each of its words in `words`, which holds one table for
    each field of a Subject and then one of reasons: a place of SIZE or more counts the reason of that number.
    """

    words: tuple[Texts, ...]
    subjects: Counted
    of: Counted
    place: Counted
    value: Counted

    def __bool__(self) -> bool:
        return bool(self.value.size)

    def kept(self, field: str, wanted: Callable[[str], bool]) -> Sheet:
        """Only the subjects whose word in that field is wanted."""
        number = Subject._fields.index(field)
        good = np.array([wanted(word) for word in self.words[number]], bool)
        return self._only(good[self.subjects[:, number]])

    def named(self, **names: Callable[[str], str]) -> Sheet:
        """The same with other words in these fields, and those that are then alike added up."""
        words = list(self.words)
        for field, name in names.items():
            number = Subject._fields.index(field)
            words[number] = [name(word) for word in words[number]]
        return summed([(replace(self, words=tuple(words)), 1)])

    def moved(self, places: Counted) -> Sheet:
        """The same with each figure at the place that `places` says for its own; -1 drops it, and so all reasons."""
        to = np.where(self.place < SIZE, places[np.minimum(self.place, SIZE - 1)], -1)
        return summed([(replace(self._entries(to >= 0), place=to[to >= 0]), 1)])

    def split(self, field: str, label: Callable[[str], str] = str) -> dict[str, Sheet]:
        """A sheet for each label that the words of that field have; by default the words themselves."""
        number = Subject._fields.index(field)
        labels = [label(word) for word in self.words[number]]
        numbers = {name: i for i, name in enumerate(dict.fromkeys(labels))}
        mine = np.array([numbers[name] for name in labels], np.int64)[self.subjects[:, number]][self.of]
        order = np.argsort(mine, kind="stable")
        there, begins = np.unique(mine[order], return_index=True)
        parts = np.split(order, begins[1:]) if there.size else []
        names = list(numbers)
        return {names[i]: pruned(self._entries(part)) for i, part in zip(there, parts, strict=True)}

    def between(self, begin: int, end: int) -> Sheet:
        """Only the entries from `begin` up to `end`, in the order they stand in."""
        return pruned(self._entries(slice(begin, end)))

    def tallies(self) -> dict[Subject, Tally]:
        """A tally for each subject."""
        matrix = np.zeros((len(self.subjects), SIZE), np.int64)
        figures = self.place < SIZE
        np.add.at(matrix, (self.of[figures], self.place[figures]), self.value[figures])
        found = [Tally(row) for row in matrix]
        for i in np.flatnonzero(~figures):
            found[self.of[i]].reasons[self.words[FIELDS][self.place[i] - SIZE]] += int(self.value[i])
        return dict(zip(self._subjects(), found, strict=True))

    def by(self, field: str, name: Callable[[str], str] = str) -> dict[str, Tally]:
        """A tally for each name that the words of that field have, in order, but for those nobody was warned of."""
        others = {other: _nothing for other in Subject._fields if other != field}
        found = self.named(**others, **{field: name}).tallies()
        return {getattr(subject, field): tally for subject, tally in found.items() if tally.one("warned")}

    def total(self) -> Tally:
        """One tally of all."""
        return next(iter(self.by("area", _nothing).values()), Tally())

    def count(self, name: str) -> int:
        """The one number of that name, of all together."""
        return int(self.value[self.place == PLACES[name].start].sum())

    def _subjects(self) -> Iterable[Subject]:
        return (Subject(*(self.words[n][i] for n, i in enumerate(row))) for row in self.subjects.tolist())

    def _only(self, good: NDArray[np.bool_]) -> Sheet:
        return pruned(self._entries(good[self.of]))

    def _entries(self, chosen: NDArray[np.bool_] | Counted | slice) -> Sheet:
        return replace(self, of=self.of[chosen], place=self.place[chosen], value=self.value[chosen])


Parts = list[tuple[Sheet, int]]
"""Sheets, and how many times each is meant."""


def _nothing(_: str) -> str:
    return ""


def empty() -> Sheet:
    """A sheet of nothing."""
    none = np.zeros(0, np.int64)
    return Sheet(tuple([] for _ in range(FIELDS + 1)), np.zeros((0, FIELDS), np.int64), none, none, none)


def summed(parts: Iterable[tuple[Sheet, int]]) -> Sheet:
    """All of them added up, each so many times; in one order, whatever the order they were given in."""
    given = [(sheet, times) for sheet, times in parts if sheet]
    if not given:
        return empty()
    sheets = [sheet for sheet, _ in given]
    words, numbers = _united(sheets)
    subjects, subject = _renumbered(sheets, numbers, [len(table) for table in words])
    place = np.concatenate([_placed(sheet, numbers[i][FIELDS]) for i, sheet in enumerate(sheets)])
    places, place = _used(place, SIZE + len(words[FIELDS]))
    value = np.concatenate([times * sheet.value for sheet, times in given])
    key, value = added(subject * places.size + place, value)
    return pruned(Sheet(words, subjects, key // places.size, places[key % places.size], value))


def pruned(sheet: Sheet) -> Sheet:
    """Without the subjects and words that no figure has."""
    used, of = _used(sheet.of, len(sheet.subjects))
    subjects = sheet.subjects[used]
    words = list(sheet.words)
    columns = np.empty_like(subjects)
    for number in range(FIELDS):
        there, columns[:, number] = _used(subjects[:, number], len(words[number]))
        words[number] = [words[number][i] for i in there.tolist()]
    place, reasons = sheet.place, words[FIELDS]
    if reasons:
        at = np.flatnonzero(place >= SIZE)
        there, again = _used(place[at] - SIZE, len(reasons))
        words[FIELDS], place = [reasons[i] for i in there.tolist()], place.copy()
        place[at] = SIZE + again
    return Sheet(tuple(words), columns, of, place, sheet.value)


def _used(numbers: Counted, size: int) -> tuple[Counted, Counted]:
    """Which of so many numbers occur, and the same numbers counted among those."""
    there = np.bincount(numbers, minlength=size) > 0
    used = np.flatnonzero(there)
    return used, (np.cumsum(there) - 1)[numbers]


def _united(sheets: Sequence[Sheet]) -> tuple[tuple[Texts, ...], list[list[Counted]]]:
    """All their words, in order, and for each sheet and table the new numbers of its old ones."""
    words = tuple(sorted(set().union(*(sheet.words[n] for sheet in sheets))) for n in range(FIELDS + 1))
    known = [{word: i for i, word in enumerate(table)} for table in words]
    numbers = [
        [np.array([known[n][word] for word in table], np.int64) for n, table in enumerate(sheet.words)]
        for sheet in sheets
    ]
    return words, numbers


def _renumbered(sheets: Sequence[Sheet], numbers: list[list[Counted]], sizes: Sequence[int]) -> tuple[Counted, Counted]:
    """The distinct subjects of all, in order, and for each entry of all the number of its own."""
    rows = [
        np.stack([numbers[i][n][sheet.subjects[:, n]] for n in range(FIELDS)], axis=1) for i, sheet in enumerate(sheets)
    ]
    key = np.ravel_multi_index(tuple(np.concatenate(rows).T), tuple(sizes[:FIELDS]))
    distinct, back = np.unique(key, return_inverse=True)
    begins = np.cumsum([0, *(len(each) for each in rows)])
    subject = np.concatenate([back[sheet.of + begins[i]] for i, sheet in enumerate(sheets)])
    return np.stack(np.unravel_index(distinct, tuple(sizes[:FIELDS])), axis=1).astype(np.int64), subject


def _placed(sheet: Sheet, reasons: Counted) -> Counted:
    place = sheet.place
    if not reasons.size:
        return place
    return np.where(place < SIZE, place, SIZE + reasons[np.maximum(place - SIZE, 0)])


def pack(sheet: Sheet) -> bytes:
    """The sheet as bytes: its words as JSON, then the number of entries of each subject, and places and figures."""
    head = json.dumps(sheet.words, ensure_ascii=False, separators=(",", ":")).encode()
    many = np.bincount(sheet.of, minlength=len(sheet.subjects))
    small = (sheet.value > 0) & (sheet.value < WIDE)
    sizes = np.array([len(head), len(sheet.subjects), sheet.value.size], "<u4")
    arrays = (
        sizes,
        sheet.subjects.astype("<u4"),
        many.astype("<u4"),
        sheet.place.astype("<u2"),
        np.where(small, sheet.value, WIDE).astype("u1"),
        sheet.value[~small].astype("<i8"),
    )
    return zlib.compress(b"".join((*(each.tobytes() for each in arrays), head)), 1)


def unpack(packed: bytes) -> Sheet:
    """The sheet of these bytes."""
    raw = zlib.decompress(packed)
    head, subjects, entries = np.frombuffer(raw, "<u4", 3).tolist()
    parts, at = [], 12
    for kind, many in (("<u4", subjects * FIELDS), ("<u4", subjects), ("<u2", entries), ("u1", entries)):
        parts.append(np.frombuffer(raw, kind, many, at).astype(np.int64))
        at += many * np.dtype(kind).itemsize
    value = parts[3]
    value[value == WIDE] = np.frombuffer(raw, "<i8", (len(raw) - head - at) // 8, at)
    words = tuple(json.loads(raw[len(raw) - head :]))
    return Sheet(words, parts[0].reshape(-1, FIELDS), np.repeat(np.arange(subjects), parts[1]), parts[2], value)
