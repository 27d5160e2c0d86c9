"""Who stands where: the responders who are on duty, and those who still hold something though they are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models import Responder
from outreach.models.statements import fetch, moment_in
from outreach.models.states import LIVE_TASK

AT_ONCE = 500
LIVE = ", ".join(f"'{status}'" for status in sorted(LIVE_TASK))
NOW = "starts_at <= $1 AND ends_at > $1"
STANDING = f"""
    SELECT who.id, who.role, who.lat, who.lon, who.position_at, who.load, who.capacity, area.path AS area,
      duty.until, COALESCE(held.many, 0) AS many, gone.responder_id IS NOT NULL AS away
    FROM responder who JOIN area ON area.id = who.area_id
    LEFT JOIN (SELECT responder_id, MAX(ends_at) AS until FROM shift WHERE {NOW} GROUP BY responder_id) duty
      ON duty.responder_id = who.id
    LEFT JOIN (SELECT responder_id, COUNT(*) AS many FROM task WHERE status IN ({LIVE}) GROUP BY responder_id) held
      ON held.responder_id = who.id
    LEFT JOIN (SELECT DISTINCT responder_id FROM absence WHERE {NOW}) gone ON gone.responder_id = who.id
    WHERE (held.many > 0 OR (duty.until IS NOT NULL AND gone.responder_id IS NULL))
      AND substr(area.path, 1, $2) = $3
    ORDER BY who.id"""  # noqa: S608 - our own names


async def staff(path: str | None, now: datetime) -> list[dict[str, Any]]:
    """Who of this area (None: of all) is on duty, or away and still holds something; with where they were last."""
    return await named(list((await standing(path, now)).values()))


async def standing(path: str | None, now: datetime) -> dict[UUID, dict[str, Any]]:
    """The same by their ids, without their names."""
    within = path or ""
    rows = await fetch(STANDING, now, len(within), within)
    return {UUID(str(row["id"])): _standing(row) for row in rows}


async def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows with the names of those who are still there."""
    names: dict[UUID, str] = {}
    for start in range(0, len(rows), AT_ONCE):
        asked = Responder.filter(id__in=[row["id"] for row in rows[start : start + AT_ONCE]])
        names |= {one["id"]: one["name"] for one in await asked.values("id", "name")}
    return [{**row, "name": names[row["id"]]} for row in rows if row["id"] in names]


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    away = bool(row["away"])
    return {
        "id": UUID(str(row["id"])),
        "role": row["role"],
        "area": row["area"],
        "point": [row["lat"], row["lon"]] if row["lat"] is not None else None,
        "position_at": moment_in(row["position_at"]),
        "load": row["load"],
        "capacity": row["capacity"],
        "holds": row["many"],
        "away": away,
        "until": None if away else moment_in(row["until"]),
    }
