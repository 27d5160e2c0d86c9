"""Which grid a point lies in."""

from __future__ import annotations

from math import cos, degrees, inf, radians

from outreach.geo import EARTH_M, Point, haversine
from outreach.models import Area
from outreach.models.states import AreaKind

GRID_WITHIN_M = 5000.0


async def grid_of(point: Point) -> Area | None:
    """The grid whose centre is nearest to `point`, none farther than 5 km."""
    lat, lon = point
    tall = degrees(GRID_WITHIN_M / EARTH_M)
    wide = tall / max(0.01, cos(radians(lat)))
    near = Area.filter(kind=AreaKind.GRID, lat__gte=lat - tall, lat__lte=lat + tall)
    around = await near.filter(lon__gte=lon - wide, lon__lte=lon + wide)
    ranked = sorted(around, key=lambda area: (_metres_to(area, point), area.code))
    return ranked[0] if ranked and _metres_to(ranked[0], point) <= GRID_WITHIN_M else None


def _metres_to(area: Area, point: Point) -> float:
    return inf if area.lat is None or area.lon is None else haversine(point, (area.lat, area.lon))
