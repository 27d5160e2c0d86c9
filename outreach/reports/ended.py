"""Cases that ended lately: where a coordinator finds one again that ended by mistake."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from outreach.models import Outreach, Target
from outreach.models.states import MERGED

WITHIN = timedelta(hours=24)
MOST = 200
"""Cases in one answer, those that ended last; more are not shown."""


async def ended(seen: QuerySet[Outreach], now: datetime) -> list[dict[str, Any]]:
    """Each case of `seen` that ended in the last 24 h, the one that ended last first; what joined another is none.

    Names of residents are in it: the caller checks who asks, and logs the look.
    """
    since = now - WITHIN
    # A case's live targets end with it, and those that ended lately are found by an index.
    targets = Target.filter(ended_at__gt=since).values("outreach_id")
    rows = seen.filter(ended_at__gt=since, id__in=Subquery(targets), end_reason__not=MERGED)
    found = await rows.order_by("-ended_at", "-id").limit(MOST).prefetch_related("category", "area", "resident")
    return [_row(case) for case in found]


def _row(case: Outreach) -> dict[str, Any]:
    area = case.area
    return {
        "id": case.id,
        "severity": case.severity,
        "category": case.category.code,
        "category_name": case.category.scripts.get("names", {}),
        "exercise": case.exercise,
        "resident": {"id": case.resident_id, "name": case.resident.name, "language": case.resident.language},
        "area": {"code": area.code, "name": area.name, "path": area.path} if area else None,
        "opened_at": case.opened_at,
        "reached_at": case.reached_at,
        "ended_at": case.ended_at,
        "end_state": case.end_state,
        "end_reason": case.end_reason,
    }
