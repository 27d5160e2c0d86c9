"""The shape of an area on the map: a GeoJSON polygon that can be drawn, or the words of why it cannot."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import Any

from outreach.geo import Point
from outreach.registry.editing import fault

MOST_POINTS = 2000
Position = tuple[float, float]
Ring = list[Position]


def checked(given: dict[str, Any], field: str = "boundary") -> dict[str, object]:
    """The same polygon (longitude first, WGS-84) and nothing besides; raises BadInput naming the part at fault."""
    if given.get("type") != "Polygon":
        raise fault(f"{field}.type", "must be Polygon")
    rings, at = given.get("coordinates"), f"{field}.coordinates"
    if not isinstance(rings, list) or not rings:
        raise fault(at, "must be a list of rings, the outer one first")
    if sum(len(ring) for ring in rings if isinstance(ring, list)) > MOST_POINTS:
        raise fault(at, f"has more than {MOST_POINTS} points")
    read = [_ring(ring, f"{at}.{number}") for number, ring in enumerate(rings)]
    return {"type": "Polygon", "coordinates": [[list(position) for position in ring] for ring in read]}


def middle_of(polygon: dict[str, object]) -> Point:
    """The centre of gravity (lat, lon) of a checked polygon's outer ring."""
    rings: Any = polygon["coordinates"]
    ring: Ring = rings[0]
    # Near its own first point the sums keep their digits.
    lon, lat = ring[0]
    sides = [(a[0] - lon, a[1] - lat, b[0] - lon, b[1] - lat) for a, b in pairwise(ring)]
    twice = sum(ax * by - bx * ay for ax, ay, bx, by in sides)
    x = sum((ax + bx) * (ax * by - bx * ay) for ax, ay, bx, by in sides) / (3 * twice)
    y = sum((ay + by) * (ax * by - bx * ay) for ax, ay, bx, by in sides) / (3 * twice)
    return (lat + y, lon + x)


def _ring(given: object, field: str) -> Ring:
    if not isinstance(given, list) or len(given) < 4:
        raise fault(field, "needs three corners, and the first of them again at the end")
    ring = [_position(each, f"{field}.{number}") for number, each in enumerate(given)]
    if ring[0] != ring[-1]:
        raise fault(field, "must end where it begins")
    # A corner that was clicked twice is one.
    ring = [ring[0], *(b for a, b in pairwise(ring) if a != b)]
    if _crosses_itself(ring) or _is_flat(ring):
        raise fault(field, "crosses itself, or encloses nothing")
    return ring


def _position(given: object, field: str) -> Position:
    numbers = given if isinstance(given, list) and len(given) >= 2 else []
    plain = [
        float(each)
        for each in numbers[:2]
        if isinstance(each, int | float) and not isinstance(each, bool) and abs(each) <= 180
    ]
    if len(plain) != 2 or not all(map(isfinite, plain)) or abs(plain[1]) > 90:
        raise fault(field, "must be a longitude and a latitude in degrees")
    return (plain[0], plain[1])


def _is_flat(ring: Ring) -> bool:
    lon, lat = ring[0]
    pairs = pairwise(ring)
    return abs(sum((a[0] - lon) * (b[1] - lat) - (b[0] - lon) * (a[1] - lat) for a, b in pairs)) < 1e-12


def _crosses_itself(ring: Ring) -> bool:
    """Whether two sides that are no neighbours meet; looked for from west to east, so that few pairs are compared."""
    sides = sorted(enumerate(pairwise(ring)), key=lambda side: min(side[1][0][0], side[1][1][0]))
    last = len(sides) - 1
    for place, (number, one) in enumerate(sides):
        east = max(one[0][0], one[1][0])
        for other_number, other in sides[place + 1 :]:
            if min(other[0][0], other[1][0]) > east:
                break
            if abs(number - other_number) not in (1, last) and _meet(one, other):
                return True
    return False


def _meet(one: tuple[Position, Position], other: tuple[Position, Position]) -> bool:
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: Position, b: Position, c: Position) -> int:
    """1 where `c` lies left of the way from `a` to `b`, -1 right, 0 on it."""
    found = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (found > 0) - (found < 0)
