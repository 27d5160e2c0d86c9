"""Invented names, numbers, streets and ground: nothing here belongs to anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN_FIRST = "霁澜芷屿笙岑昀蔚朔棠漪珩泠绮峤桐溯韫"
GIVEN_SECOND = "汀禾砚舟蘅川筠洲遥岚榆笺弦澈野墨穗烁"
FIRST = ("Ar", "Bel", "Cor", "Del", "Fen", "Gal", "Hes", "Il", "Jor", "Kel", "Lor", "Mer", "Nev", "Or", "Tam", "Ves")
FIRST_END = ("abeth", "adine", "amund", "anwy", "elot", "erick", "issa", "ovar", "uline", "ymond")
LAST = (
    "Ash",
    "Brin",
    "Calder",
    "Dun",
    "Elm",
    "Fallow",
    "Grim",
    "Holt",
    "Kesting",
    "Marl",
    "Orrin",
    "Quill",
    "Rush",
    "Thistle",
)
LAST_END = ("berrow", "combe", "dale", "fenwick", "garth", "holme", "mere", "quist", "stead", "wick")

ROADS = (
    ("听潮路", "Tingchao Road"),
    ("望帆街", "Wangfan Street"),
    ("石榴巷", "Shiliu Lane"),
    ("长堤路", "Changdi Road"),
    ("萤火街", "Yinghuo Street"),
    ("纸鸢路", "Zhiyuan Road"),
    ("灯塔巷", "Dengta Lane"),
    ("南渡街", "Nandu Street"),
    ("芦花路", "Luhua Road"),
    ("钟楼街", "Zhonglou Street"),
    ("白鹭路", "Bailu Road"),
    ("橘井巷", "Jujing Lane"),
)

# The North American plan sets 555-0100 to 555-0199 aside for fiction in each geographic area code (ATIS-0300115,
# "555 NXX Line Number Reference Document"; https://www.nanpa.com). A hundred per code; in a country where voice and
# replies both work; and none rings anywhere.
AREA_CODES = (
    201,
    202,
    203,
    205,
    206,
    207,
    208,
    209,
    210,
    212,
    213,
    214,
    215,
    216,
    217,
    218,
    219,
    224,
    225,
    228,
    229,
    231,
)

# Open water in a wide bay, so that no point of this city is anybody's door.
SOUTH, WEST = 30.42, 121.30
LAT_STEP, LON_STEP = 0.0063, 0.0073
ROWS, COLUMNS = 6, 8

Point = tuple[float, float]


class Dice:
    """Seeded choices from `random()` alone, the one draw Python promises never to change between versions."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (a rehearsal has no secrets)

    def roll(self) -> float:
        """A number from 0 to below 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number from `low` to below `high`."""
        return low + (high - low) * self.roll()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, among: Sequence[T]) -> T:
        """One of `among`."""
        return among[int(self.roll() * len(among))]

    def shuffled(self, given: Sequence[T]) -> list[T]:
        """`given` in another order."""
        return [item for _, item in sorted(((self.roll(), place), item) for place, item in enumerate(given))]


def chinese_names(dice: Dice) -> Iterator[str]:
    """Names of a common surname and two invented syllables, each once."""
    return iter(dice.shuffled([s + a + b for s in SURNAMES for a in GIVEN_FIRST for b in GIVEN_SECOND]))


def english_names(dice: Dice) -> Iterator[str]:
    """Names of invented syllables, each once."""
    given = [a + b for a in FIRST for b in FIRST_END]
    family = [a + b for a in LAST for b in LAST_END]
    return iter(dice.shuffled([f"{a} {b}" for a in given for b in family]))


def phones(dice: Dice) -> Iterator[str]:
    """Numbers (E.164) set aside for fiction, each once."""
    return iter(dice.shuffled([f"+1{code}55501{last:02d}" for code in AREA_CODES for last in range(100)]))


def address(dice: Dice, language: str) -> str:
    """An invented address as people of that language write it."""
    chinese, english = dice.pick(ROADS)
    house, block, flat = dice.whole(1, 188), dice.whole(1, 12), dice.whole(1, 18) * 100 + dice.whole(1, 4)
    return (
        f"{house} {english}, Block {block}, Flat {flat}" if language == "en" else f"{chinese}{house}号{block}幢{flat}室"
    )


class Ground:
    """The city's ground: corners that neighbouring grids share, moved a little so that nothing is square."""

    def __init__(self, dice: Dice) -> None:
        self._corners = {(r, c): self._corner(dice, r, c) for r in range(ROWS + 1) for c in range(COLUMNS + 1)}

    def _corner(self, dice: Dice, row: int, column: int) -> Point:
        lat = SOUTH + (row + dice.between(-0.15, 0.15)) * LAT_STEP
        lon = WEST + (column + dice.between(-0.15, 0.15)) * LON_STEP
        return round(lat, 6), round(lon, 6)

    def ring(self, south: int, west: int, north: int, east: int) -> list[list[float]]:
        """The outline of a block of grids as GeoJSON writes it: `[lon, lat]`, counterclockwise, closed."""
        way = [(south, c) for c in range(west, east)] + [(r, east) for r in range(south, north)]
        way += [(north, c) for c in range(east, west, -1)] + [(r, west) for r in range(north, south, -1)]
        return [[self._corners[at][1], self._corners[at][0]] for at in [*way, way[0]]]

    def point(self, dice: Dice, row: int, column: int) -> Point:
        """A point (lat, lon) well inside the grid at `row`, `column`."""
        up, right = dice.between(0.08, 0.92), dice.between(0.08, 0.92)
        low = _mix(self._corners[row, column], self._corners[row, column + 1], right)
        high = _mix(self._corners[row + 1, column], self._corners[row + 1, column + 1], right)
        lat, lon = _mix(low, high, up)
        return round(lat, 6), round(lon, 6)


def _mix(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
