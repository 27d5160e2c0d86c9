"""Whoever has not said for a while where they are is taken to be at home, and looked for there."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.geo import cell_of
from outreach.models import Responder
from outreach.settings import Settings


async def forget_stale_positions(settings: Settings, now: datetime) -> int:
    """Forget positions older than the age limit, so that the cell is home's again; answers how many there were."""
    since = now - timedelta(minutes=settings.position_fresh_min)
    stale = Responder.filter(position_at__lte=since, lat__isnull=False)
    rows = await stale.only("id", "home_lat", "home_lon")
    for row in rows:
        home = {"lat": None, "lon": None, "cell": cell_of(row.home_lat, row.home_lon)}
        # One who has just said where they are keeps it.
        await Responder.filter(id=row.id, position_at__lte=since).update(**home)
    return len(rows)
