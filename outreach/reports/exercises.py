"""How many targets of exercises a stretch of time had: they count in no figure, which is said with their number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from outreach.models.statements import fetch

# Which table comes first is said, as SQLite reads CROSS JOIN: exercises are few, and have an index of their own.
COUNT = (
    "SELECT count(*) AS n FROM warning w CROSS JOIN target t JOIN outreach o ON o.id = t.outreach_id"
    " LEFT JOIN area g ON g.id = o.area_id WHERE w.exercise AND w.received_at >= $1 AND w.received_at < $2"
    " AND t.warning_id = w.id AND ($3 = '' OR substr(g.path, 1, $4) = $3)"
)
OF_CODES = " AND w.category_id IN (SELECT id FROM category WHERE code IN ({}))"
OF_SEVERITIES = " AND w.severity IN ({})"


async def count_exercises(
    frm: datetime, to: datetime, area_path: str, categories: Collection[str], severities: Collection[str]
) -> int:
    """How many were received in [frm, to), in the area and below; of all categories or severities where none is named.

    The moments are in UTC.
    """
    sql, given = COUNT, [frm, to, area_path, len(area_path)]
    for condition, words in ((OF_CODES, categories), (OF_SEVERITIES, severities)):
        if words:
            sql += condition.format(", ".join(f"${len(given) + number}" for number in range(1, 1 + len(words))))
            given += sorted(words)
    return int((await fetch(sql, *given))[0]["n"])
