"""What happens, line after line, in an order behind which nothing can appear any more; ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from outreach.models.statements import dialect, fetch, moment_in

# The order of `following.SETTLED_LINES`, over all sources: by transaction, and only those before the oldest still open.
LINE = """
    SELECT event.seq, event.kind, event.at, event.actor_kind, event.actor_id, event.outreach_id, area.path AS area_path
    FROM event JOIN outreach ON outreach.id = event.outreach_id LEFT JOIN area ON area.id = outreach.area_id"""
SETTLED = "event.txid < pg_snapshot_xmin(pg_current_snapshot())"
AFTER = {
    "postgres": f"""{LINE}
    WHERE {SETTLED}
      AND (event.txid, event.seq) > (COALESCE((SELECT last.txid FROM event last WHERE last.seq = $1), '0'), $1)
    ORDER BY event.txid, event.seq LIMIT $2""",  # noqa: S608 - our own names
    "sqlite": f"{LINE} WHERE event.seq > $1 ORDER BY event.seq LIMIT $2",
}
LAST = {
    "postgres": f"SELECT seq FROM event WHERE {SETTLED} ORDER BY txid DESC, seq DESC LIMIT 1",  # noqa: S608 - the same
    "sqlite": "SELECT seq FROM event ORDER BY seq DESC LIMIT 1",
}


@dataclass(frozen=True)
class Happening:
    """One line, and the area of its case (None: none yet)."""

    seq: int
    area_path: str | None
    said: dict[str, Any]


async def happenings(after: int, limit: int) -> list[Happening]:
    """What happened since the line `after` (0: from the start), oldest first."""
    return [_happening(row) for row in await fetch(AFTER[dialect()], after, limit)]


async def last_happening() -> int:
    """The `seq` of the last line that nothing can appear before any more; 0 where there is none."""
    rows = await fetch(LAST[dialect()])
    return int(rows[0]["seq"]) if rows else 0


def _happening(row: dict[str, Any]) -> Happening:
    at, actor_id = moment_in(row["at"]), row["actor_id"]
    said = {
        "seq": row["seq"],
        "outreach_id": str(row["outreach_id"]),
        "kind": row["kind"],
        "at": at.isoformat() if at else None,
        "actor_kind": row["actor_kind"],
        "actor_id": str(actor_id) if actor_id else None,
    }
    return Happening(row["seq"], row["area_path"], said)
