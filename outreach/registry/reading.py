"""Rows out of a file, one at a time: CSV with a header, the first sheet of a workbook, or GeoJSON features."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from outreach.errors import BadInput, FieldFault
from outreach.registry.sheets import sheet_rows

CHUNK = 65536
LARGEST_FEATURE = 5_000_000
FAR = 1e9
MOST_UNPACKED = 1_000_000_000


@dataclass(frozen=True)
class Row:
    """One row: its line in the CSV, or its number among the features (from 1), and its texts by column.

    `read` is how many bytes of the file were read when it was found.
    """

    line: int
    values: dict[str, str]
    boundary: dict[str, Any] | None = field(default=None, compare=False)
    read: int = field(default=0, compare=False)


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of `path` (`.csv` in UTF-8, `.xlsx`, else GeoJSON), read as they are asked for; raises BadInput."""
    try:
        with path.open("rb") as raw:
            yield from rows_in(raw, path.suffix.lower())
    except OSError:
        raise bad_file("cannot be opened") from None


def rows_in(raw: BinaryIO, suffix: str, most_unpacked: int = MOST_UNPACKED) -> Iterator[Row]:
    """The same of a file that is open, by how its name ends; a workbook may unpack to so many bytes."""
    if suffix == ".xlsx":
        yield from (Row(number, texts) for number, texts in sheet_rows(raw, most_unpacked))
        return
    try:
        with TextIOWrapper(raw, encoding="utf-8-sig", newline="") as opened:
            for row in _csv_rows(opened) if suffix == ".csv" else _features(opened):
                yield replace(row, read=raw.tell())
    except UnicodeDecodeError:
        raise bad_file("is not UTF-8: save it as such") from None
    except csv.Error:
        raise bad_file("is not CSV") from None


def bad_file(reason: str, name: str = "file") -> BadInput:
    """The refusal of a whole file."""
    return BadInput(faults=(FieldFault(name, reason),))


def _csv_rows(opened: TextIO) -> Iterator[Row]:
    reader = csv.DictReader(opened)
    for values in reader:
        texts = {key.strip(): text for key, text in values.items() if isinstance(key, str) and isinstance(text, str)}
        yield Row(reader.line_num, texts)


def _features(opened: TextIO) -> Iterator[Row]:
    decoder, buffer, number = json.JSONDecoder(), _after_opening(opened), 0
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return
        try:
            feature, end = decoder.raw_decode(buffer)
        except json.JSONDecodeError:
            more = opened.read(CHUNK)
            if not more or len(buffer) > LARGEST_FEATURE:
                raise bad_file(f"is not GeoJSON after feature {number}") from None
            buffer += more
            continue
        except (ValueError, RecursionError):
            # A number or a nesting that no reader takes.
            raise bad_file(f"is not GeoJSON after feature {number}") from None
        number, buffer = number + 1, buffer[end:]
        yield _row_of(feature, number)


def _after_opening(opened: TextIO) -> str:
    """What follows the opening bracket of the features."""
    head = opened.read(CHUNK)
    _, found, rest = head.partition('"features"')
    rest = rest.lstrip(" \t\r\n:")
    if not found or not rest.startswith("["):
        raise bad_file("is not a GeoJSON FeatureCollection")
    return rest[1:]


def _row_of(feature: object, number: int) -> Row:
    given = feature if isinstance(feature, dict) else {}
    told, shape = given.get("properties"), given.get("geometry")
    values = {key: _text(value) for key, value in told.items() if value is not None} if isinstance(told, dict) else {}
    shape = shape if isinstance(shape, dict) else {}
    points = _points(shape.get("coordinates"))
    if points:
        middle = [sum(point[axis] for point in points) / len(points) for axis in (0, 1)]
        values = {"lon": f"{middle[0]:.7f}", "lat": f"{middle[1]:.7f}", **values}
    return Row(number, values, shape if shape.get("type") in ("Polygon", "MultiPolygon") else None)


def _text(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)


def _points(nested: object) -> list[list[float]]:
    """All the [lon, lat] pairs in a geometry's coordinates."""
    if not isinstance(nested, list):
        return []
    if len(nested) >= 2 and all(isinstance(part, (int, float)) for part in nested):
        # A whole number may be longer than any float.
        return [[min(max(part, -FAR), FAR) for part in nested]]
    return [point for part in nested for point in _points(part)]
