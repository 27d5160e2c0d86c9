"""The words that stand on a coordinator's board: who needs help, what is stuck, what was handed to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from outreach.geo import parse_point
from outreach.models import CheckIn, Notice, Outreach
from outreach.models.states import REPEATED, Audience

STAND = timedelta(hours=24)
"""A word nobody took away goes by itself after a day: the case's timeline keeps what it said."""
MOST = 50
ANSWERED = (
    Q(outreach__taken_by_id__isnull=False)
    | Q(outreach__acknowledged_at__isnull=False)
    | Q(outreach__reached_at__isnull=False)
    | Q(outreach__ended_at__isnull=False)
)
"""No coordinator need take the case any more."""
OVER = Q(ANSWERED, kind="alarm") | Q(kind="still_paused", outreach__paused_at__isnull=True)
"""What was said of how a case stood, and is not so any more."""


async def words(seen: QuerySet[Outreach], coordinator_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """What stands on this coordinator's board, the newest first: said to them, or of a case of `seen`, or of none.

    What is over by itself is left out, and of the same word of one case all but the newest. Names of residents are in
    it: the caller logs the look.
    """
    to_them = Q(coordinator_id=coordinator_id) | Q(coordinator_id__isnull=True)
    found = (
        await Notice.filter(to_them, audience=Audience.COORDINATOR, seen_at__isnull=True, queued_at__gt=now - STAND)
        .exclude(OVER)
        .order_by("-queued_at", "-id")
        .limit(MOST * 4)
        .prefetch_related("outreach__resident", "outreach__area")
    )
    at_work = await _at_work(found)
    theirs = set(await seen.filter(id__in=[row.outreach_id for row in found]).values_list("id", flat=True))
    shown = [row for row in _newest(found) if row.outreach_id is None or row.outreach_id in theirs]
    return [_word(row, at_work) for row in shown[:MOST]]


def _newest(rows: list[Notice]) -> list[Notice]:
    """Without those of which the same was said again later."""
    last: dict[object, Notice] = {}
    for row in rows:
        last.setdefault((row.kind, row.outreach_id) if row.kind in REPEATED else row.id, row)
    return list(last.values())


async def _at_work(rows: list[Notice]) -> dict[str, CheckIn]:
    """The check-ins that words tell of, by their ids: who made them, and where."""
    ids = [str(row.data["check_in_id"]) for row in rows if "check_in_id" in row.data]
    return {str(each.id): each for each in await CheckIn.filter(id__in=ids).select_related("responder")}


def _word(row: Notice, at_work: dict[str, CheckIn]) -> dict[str, Any]:
    case, told = row.outreach, at_work.get(str(row.data.get("check_in_id")))
    return {
        "id": row.id,
        "kind": row.kind,
        "at": row.queued_at,
        "outreach_id": row.outreach_id,
        "resident": case.resident.name if case else None,
        "area": case.area.name if case and case.area else None,
        "responder": told.responder.name if told else None,
        "point": parse_point(told.location) if told and told.location else None,
        "data": row.data,
    }
