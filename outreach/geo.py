"""Where things are: great circles, travel times, and the cells responders are found by. Points: (lat, lon), WGS-84."""

from __future__ import annotations

from math import asin, ceil, cos, floor, radians, sin, sqrt

Point = tuple[float, float]

EARTH_M = 6_371_008.8
ROW_DEG = 0.009
"""Height of a cell in degrees of latitude: about a kilometre."""
COLUMN_DEG = 0.01
"""Width of a cell in degrees of longitude: about a kilometre in the lower latitudes, less towards the poles."""
COLUMNS = 36_000
ROWS = 20_000
MOST_RINGS = 64


def haversine(a: Point, b: Point) -> float:
    """Metres along the great circle from `a` to `b`."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def travel_seconds(distance_m: float, factor: float, speed_kmh: float) -> float:
    """Seconds for `distance_m` of great circle: `factor` metres of way for each, at `speed_kmh`."""
    return distance_m * factor / (speed_kmh / 3.6)


def cell_of(lat: float, lon: float) -> int:
    """The cell (about 1 km; a number below 2^31) that this point lies in."""
    row = min(ROWS - 1, max(0, floor((lat + 90) / ROW_DEG)))
    return row * COLUMNS + floor((lon + 180) / COLUMN_DEG) % COLUMNS


def ring(cell: int, k: int) -> list[int]:
    """The cells exactly `k` steps from `cell`, each once; `k` = 0 is the cell itself."""
    row, column = divmod(cell, COLUMNS)
    edge = range(-k, k + 1)
    steps = [(r, c) for r in edge for c in edge if max(abs(r), abs(c)) == k]
    return [(row + r) * COLUMNS + (column + c) % COLUMNS for r, c in steps if 0 <= row + r < ROWS]


def cell_side(lat: float) -> float:
    """Metres across a cell's narrower side at this latitude: whoever is k + 1 rings away is at least k sides off."""
    return radians(min(ROW_DEG, COLUMN_DEG * max(0.05, cos(radians(lat))))) * EARTH_M


def rings_within(lat: float, radius_m: float) -> int:
    """How many rings to look through so that nobody within `radius_m` is missed, bounded near the poles."""
    return min(MOST_RINGS, ceil(radius_m / cell_side(lat)))


def parse_point(text: str | None) -> Point | None:
    """The point in `lat,lon`, None where there is none or it is not two numbers on the globe."""
    try:
        lat, lon = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def point_text(point: Point) -> str:
    """`lat,lon` as it is stored, to about a decimetre."""
    return f"{point[0]:.6f},{point[1]:.6f}"
