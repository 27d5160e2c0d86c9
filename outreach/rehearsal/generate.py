"""Makes the rehearsed city anew: `python -m outreach.rehearsal.generate` rewrites its files.

The same seed gives the same bytes. `city/people.yaml` is written by hand and left alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from outreach.rehearsal.inventing import Dice, Ground, address, chinese_names, english_names, phones
from outreach.rehearsal.loading import CITY

SEED = 20261124
RESIDENTS, RESPONDERS, WARNINGS = 2000, 120, 60
ZONE = "Asia/Shanghai"
ENGLISH_SHARE = 0.15
LAST_OFFSET_MIN = 50.0
VETTED, LAPSED = "2036-12-31T15:59:59+00:00", "2025-12-31T15:59:59+00:00"

CITY_NAME = "云汀市 Yunting-on-River"
DISTRICTS = ("东渚区", "中洲区", "西浦区")
STREETS = ("柳湾街道", "星桥街道", "鹭洲街道", "石帆街道", "桂渡街道", "云埠街道")
COMMUNITIES = ("听潮", "望帆", "石榴", "长堤", "萤火", "纸鸢", "灯塔", "南渡", "芦花", "钟楼", "白鹭", "橘井")

RESIDENT_COLUMNS = ("external_id", "name", "phone", "language", "address", "lat", "lon", "area")
RESPONDER_COLUMNS = (
    *("external_id", "name", "phone", "role", "languages", "trained", "area", "lat", "lon", "capacity", "vetted_until"),
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """One area: its block of grids as rows and columns `south, west, north, east`."""

    code: str
    parent: str | None
    kind: str
    name: str
    block: tuple[int, int, int, int]


@dataclass(frozen=True)
class Danger:
    """How many warnings of one category, from which source, how severe, and what they say."""

    category: str
    family: str
    source: str
    severities: tuple[str, ...]
    count: int
    summary: str


DANGERS = (
    Danger(
        "impersonation",
        "fraud",
        "city-police",
        ("high",),
        22,
        "疑似正与冒充公检法人员通话 / on a call with a false officer",
    ),
    Danger(
        "investment",
        "fraud",
        "river-bank",
        ("high", "medium"),
        14,
        "向涉诈账户分次转账 / transfers to a listed account",
    ),
    Danger(
        "brushing", "fraud", "cloud-telecom", ("medium", "medium", "low"), 14, "加入刷单群 / joined a pay-to-work group"
    ),
    Danger(
        "missing_contact",
        "welfare",
        "heat-watch",
        ("high",),
        10,
        "高温天失联超过一天 / not heard from for a day in the heat",
    ),
)


def places() -> list[Place]:
    """The tree city › 3 districts › 6 streets › 12 communities › 48 grids, parents first."""
    found = [Place("yt", None, "city", CITY_NAME, (0, 0, 6, 8))]
    for d, district in enumerate(DISTRICTS):
        found.append(Place(f"yt-{d + 1}", "yt", "district", district, (2 * d, 0, 2 * d + 2, 8)))
        for s in range(2):
            found += _street(f"yt-{d + 1}", s, STREETS[2 * d + s], COMMUNITIES[4 * d + 2 * s :], 2 * d)
    return found


def _street(parent: str, s: int, name: str, communities: Sequence[str], south: int) -> Iterator[Place]:
    code, west = f"{parent}-{s + 1}", 4 * s
    yield Place(code, parent, "street", name, (south, west, south + 2, west + 4))
    for c in range(2):
        yield from _community(f"{code}-{c + 1}", code, communities[c], south, west + 2 * c)


def _community(code: str, parent: str, name: str, south: int, west: int) -> Iterator[Place]:
    yield Place(code, parent, "community", f"{name}社区", (south, west, south + 2, west + 2))
    for g in range(4):
        row, column = south + g // 2, west + g % 2
        yield Place(f"{code}-{g + 1}", code, "grid", f"{name}第{g + 1}网格", (row, column, row + 1, column + 1))


class Maker:
    """Makes everything in one fixed order from one seed, so that the same seed gives the same bytes."""

    def __init__(self, seed: int = SEED) -> None:
        self.dice = Dice(seed)
        self.ground = Ground(self.dice)
        self.places = places()
        self.grids = [place for place in self.places if place.kind == "grid"]
        self._phones = phones(self.dice)
        self._names = {"zh-CN": chinese_names(self.dice), "en": english_names(self.dice)}
        self.residents = self._residents()
        self.responders = self._responders()
        self.warnings = self._warnings()

    def areas(self) -> dict[str, Any]:
        """The areas as a GeoJSON FeatureCollection."""
        return {"type": "FeatureCollection", "features": [self._feature(place) for place in self.places]}

    def _feature(self, place: Place) -> dict[str, Any]:
        told = {"code": place.code, "parent": place.parent, "kind": place.kind, "name": place.name, "time_zone": ZONE}
        shape = {"type": "Polygon", "coordinates": [self.ground.ring(*place.block)]}
        return {"type": "Feature", "properties": told, "geometry": shape}

    def _somebody(self, external_id: str, language: str, grid: Place) -> Row:
        lat, lon = self.ground.point(self.dice, *grid.block[:2])
        who = {"external_id": external_id, "name": next(self._names[language]), "phone": next(self._phones)}
        return {**who, "area": grid.code, "lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}

    def _residents(self) -> list[Row]:
        return [self._resident(n, grid) for n, grid in enumerate(islice(cycle(self.grids), RESIDENTS), start=1)]

    def _resident(self, n: int, grid: Place) -> Row:
        language = "en" if self.dice.roll() < ENGLISH_SHARE else "zh-CN"
        lives = {"language": language, "address": address(self.dice, language)}
        return {**self._somebody(f"R{n:04d}", language, grid), **lives}

    def _responders(self) -> list[Row]:
        roles = ["grid_worker"] * 48 + ["community_worker"] * 24 + ["volunteer"] * 36 + ["officer"] * 12
        # Every grid has its own worker; community workers, officers and volunteers live a stride apart over the city.
        homes = self.grids + [self.grids[(7 * n + 3) % 48] for n in range(RESPONDERS - 48)]
        return [self._responder(n, *pair) for n, pair in enumerate(zip(roles, homes, strict=True), start=1)]

    def _responder(self, n: int, role: str, grid: Place) -> Row:
        own = "en" if self.dice.roll() < ENGLISH_SHARE else "zh-CN"
        return {
            **self._somebody(f"P{n:03d}", own, grid),
            "role": role,
            "languages": "en|zh-CN" if own == "en" else "zh-CN|en" if self.dice.roll() < 0.4 else "zh-CN",
            "trained": self._trained(role),
            "capacity": 1 if role == "volunteer" else 2,
            "vetted_until": LAPSED if role == "volunteer" and n % 18 == 0 else VETTED,
        }

    def _trained(self, role: str) -> str:
        if role in ("grid_worker", "community_worker"):
            return "fraud|welfare"
        return "fraud" if role == "officer" else self.dice.pick(("fraud", "fraud|welfare", "welfare"))

    def _warnings(self) -> list[Row]:
        dangers = self.dice.shuffled([danger for danger in DANGERS for _ in range(danger.count)])
        offsets = sorted(round(self.dice.between(0.0, LAST_OFFSET_MIN), 2) for _ in dangers)
        warned = self._warned([danger.family for danger in dangers])
        return [self._warning(*one) for one in zip(range(1, WARNINGS + 1), dangers, offsets, warned, strict=True)]

    def _warned(self, families: Sequence[str]) -> list[Row]:
        """Whom each warning is about; each tenth is about somebody already warned of the same family of danger."""
        fresh, found = iter(self.dice.shuffled(self.residents)), list[Row]()
        for n, family in enumerate(families):
            before = [who for who, known in zip(found, families, strict=False) if known == family]
            found.append(before[-1] if n % 10 == 9 and before else next(fresh))
        return found

    def _warning(self, n: int, danger: Danger, offset: float, who: Row) -> Row:
        known = {"external_id": who["external_id"]} if n % 3 == 0 else {}
        place = {"location": {"lat": float(who["lat"]), "lon": float(who["lon"])}, "address": who["address"]}
        resident = {**known, **{key: who[key] for key in ("phone", "name", "language")}, **place}
        said = {"category": danger.category, "severity": self.dice.pick(danger.severities), "summary": danger.summary}
        return {
            "offset_min": offset,
            "detected_before_min": round(self.dice.between(0.2, 4.0), 2),
            "source": danger.source,
            "resident_id": who["external_id"],
            "body": {"external_id": f"W{n:03d}", **said, "resident": resident},
        }


def write_city(folder: Path, seed: int = SEED) -> None:
    """Write the four made files into `folder`, which exists."""
    made = Maker(seed)
    (folder / "areas.geojson").write_bytes(_geojson(made.areas()))
    (folder / "residents.csv").write_bytes(_csv(RESIDENT_COLUMNS, made.residents))
    (folder / "responders.csv").write_bytes(_csv(RESPONDER_COLUMNS, made.responders))
    (folder / "warnings.ndjson").write_bytes(b"".join(_line(warning) + b"\n" for warning in made.warnings))


def _geojson(areas: dict[str, Any]) -> bytes:
    features = b",\n".join(_line(feature) for feature in areas["features"])
    return b'{"type": "FeatureCollection", "features": [\n' + features + b"\n]}\n"


def _line(given: Row) -> bytes:
    return json.dumps(given, ensure_ascii=False).encode()


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    write_city(CITY)
