"""Reading the city's files: where they lie, and what is in them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

CITY = Path(__file__).parent / "city"


@dataclass(frozen=True)
class CityResident:
    """One row of `residents.csv`; `lat` and `lon` in WGS-84 degrees."""

    external_id: str
    name: str
    phone: str
    language: str
    address: str
    lat: float
    lon: float
    area: str


@dataclass(frozen=True)
class CityResponder:
    """One row of `responders.csv`; `vetted_until` is an aware moment."""

    external_id: str
    name: str
    phone: str
    role: str
    languages: tuple[str, ...]
    trained: tuple[str, ...]
    area: str
    lat: float
    lon: float
    capacity: int
    vetted_until: datetime


@dataclass(frozen=True)
class CityWarning:
    """One line of `warnings.ndjson`, sent `offset_min` city minutes after the start.

    It was detected `detected_before_min` minutes earlier. `source` is the code of the system that sends it,
    `resident_id` the row of `residents.csv` it is about, and `body` what is posted, less `detected_at`.
    """

    offset_min: float
    detected_before_min: float
    source: str
    resident_id: str
    body: dict[str, Any]

    def request(self, start: datetime) -> dict[str, Any]:
        """The body to post when the city's clock began at `start` (aware): `detected_at` is filled in."""
        detected = start + timedelta(minutes=self.offset_min - self.detected_before_min)
        return {**self.body, "detected_at": detected.isoformat()}


@dataclass(frozen=True)
class City:
    """The city's files by path, and its warnings in the order in which they are sent."""

    areas: Path
    residents: Path
    responders: Path
    warnings_file: Path
    people: Path
    warnings: tuple[CityWarning, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The codes of the systems that warn, each once, sorted."""
        return tuple(sorted({warning.source for warning in self.warnings}))

    def read_residents(self) -> list[CityResident]:
        """Every resident, in the order of the file."""
        return [CityResident(**{**row, **_point(row)}) for row in _rows(self.residents)]

    def read_responders(self) -> list[CityResponder]:
        """Every responder, in the order of the file."""
        return [_responder(row) for row in _rows(self.responders)]

    def who_has(self) -> dict[str, str]:
        """Every phone (E.164) in the city with its owner's external id; residents are `R…`, responders `P…`."""
        return {row["phone"]: row["external_id"] for file in (self.residents, self.responders) for row in _rows(file)}


def load_city(folder: Path = CITY) -> City:
    """The city in `folder`: paths to its files, and its warnings parsed."""
    warnings_file = folder / "warnings.ndjson"
    lines = warnings_file.read_text(encoding="utf-8").splitlines()
    return City(
        areas=folder / "areas.geojson",
        residents=folder / "residents.csv",
        responders=folder / "responders.csv",
        warnings_file=warnings_file,
        people=folder / "people.yaml",
        warnings=tuple(CityWarning(**json.loads(line)) for line in lines),
    )


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _point(row: dict[str, Any]) -> dict[str, float]:
    return {"lat": float(row["lat"]), "lon": float(row["lon"])}


def _responder(row: dict[str, Any]) -> CityResponder:
    return CityResponder(
        **{
            **row,
            **_point(row),
            "languages": tuple(row["languages"].split("|")),
            "trained": tuple(row["trained"].split("|")),
            "capacity": int(row["capacity"]),
            "vetted_until": datetime.fromisoformat(row["vetted_until"]),
        }
    )
