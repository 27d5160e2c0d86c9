"""What a source may follow: the feed of its targets, and one warning with its timeline. Codes and ids only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from outreach.errors import NotFound
from outreach.models import Event, Target, Warning

FOLLOWED = ("joined", "target_reached", "target_ended")
FEED_LIMIT = 500
# A transaction that began early may commit late, with a `seq` lower than one already read. Ordered by transaction, and
# only those before the oldest still open, nothing can appear behind a line once read; `after` names a line, so a place.
SETTLED_LINES = """
    SELECT event.seq FROM event
    JOIN target ON target.id = event.target_id JOIN warning ON warning.id = target.warning_id
    WHERE warning.source_id = $1 AND event.kind IN ('joined', 'target_reached', 'target_ended')
      AND event.txid < pg_snapshot_xmin(pg_current_snapshot())
      AND CASE WHEN EXISTS (SELECT 1 FROM event WHERE seq = $2)
          THEN (event.txid, event.seq) > (SELECT last.txid, last.seq FROM event last WHERE last.seq = $2)
          ELSE event.seq > $2 END
    ORDER BY event.txid, event.seq LIMIT $3
"""


async def feed(source_id: UUID, after: int, limit: int = FEED_LIMIT) -> list[dict[str, Any]]:
    """What became of a source's targets since the line `after` (0: from the start), oldest first; none is ever skipped.

    Ask next with the `seq` of the last line given. Lines are {seq, kind, at, external_id, warning_id, target_id, data}.
    """
    seqs = await _next_lines(source_id, after, limit)
    rows = await Event.filter(seq__in=seqs).values(
        "seq",
        "kind",
        "at",
        "target_id",
        "data",
        warning_id="target__warning_id",
        external_id="target__warning__external_id",
    )
    by_seq = {row["seq"]: row for row in rows}
    return [_line(by_seq[seq]) for seq in seqs]


async def _next_lines(source_id: UUID, after: int, limit: int) -> list[int]:
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        found = await connection.execute_query_dict(SETTLED_LINES, [source_id, after, limit])
        return [row["seq"] for row in found]
    mine = Event.filter(target__warning__source_id=source_id, kind__in=FOLLOWED, seq__gt=after)
    return [row["seq"] for row in await mine.order_by("seq").limit(limit).values("seq")]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "kind": row["kind"],
        "at": _iso(row["at"]),
        "external_id": row["external_id"],
        "warning_id": str(row["warning_id"]),
        "target_id": str(row["target_id"]),
        "data": _outward(row["data"]),
    }


async def warning_status(warning_id: UUID, source_id: UUID | None) -> dict[str, Any]:
    """How one warning stands: its own times, each target's status and times, and their timelines.

    Raises NotFound for a warning of another source; `source_id` None (a coordinator asks) sees any.
    """
    found = Warning.filter(id=warning_id)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    warning = await found.prefetch_related("category").first()
    if warning is None:
        raise NotFound()
    targets = [await _target(target) for target in await Target.filter(warning_id=warning_id).order_by("id")]
    return {
        "id": str(warning.id),
        "external_id": warning.external_id,
        "category": warning.category.code,
        "severity": warning.severity.value,
        "kind": warning.kind.value,
        "exercise": warning.exercise,
        "references": warning.references,
        "detected_at": _iso(warning.detected_at),
        "received_at": _iso(warning.received_at),
        "expires_at": _iso(warning.expires_at),
        "status": targets[0]["status"] if targets else "received",
        "targets": targets,
    }


async def _target(target: Target) -> dict[str, Any]:
    return {
        "target_id": str(target.id),
        "outreach_id": str(target.outreach_id),
        "status": target_status(target),
        **target_times(target),
        "timeline": await _timeline(target),
    }


def target_status(target: Target) -> str:
    """The target's state in one word: how it ended, else `reached`, `contacted` or `open`."""
    if target.end_state is not None:
        return target.end_state.value
    if target.reached_at is not None:
        return "reached"
    return "contacted" if target.contacted_at is not None else "open"


def target_times(target: Target) -> dict[str, Any]:
    """The target's times (ISO 8601, UTC) and the codes that go with them."""
    evidence = target.reached_evidence
    return {
        "joined_at": _iso(target.joined_at),
        "contacted_at": _iso(target.contacted_at),
        "reached_at": _iso(target.reached_at),
        "reached_by": target.reached_by,
        "reached_role": target.reached_role,
        "reached_evidence": evidence.value if evidence else None,
        "convinced_at": _iso(target.convinced_at),
        "accurate": target.accurate,
        "ended_at": _iso(target.ended_at),
        "end_state": target.end_state.value if target.end_state else None,
        "end_reason": target.end_reason,
        "told_at": _iso(target.told_at),
    }


async def _timeline(target: Target) -> list[dict[str, Any]]:
    # Of an outreach that others warned of too, a source sees what came after its own warning, and no one else's target.
    events = Event.filter(outreach_id=target.outreach_id, recorded_at__gte=target.joined_at)
    rows = await events.order_by("seq").values("seq", "kind", "at", "actor_kind", "target_id", "data")
    return [
        {k: row[k] for k in ("seq", "kind", "actor_kind")} | {"at": _iso(row["at"]), "data": _outward(row["data"])}
        for row in rows
        if row["target_id"] in (None, target.id)
    ]


def _outward(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "id" and not key.endswith("_id")}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
