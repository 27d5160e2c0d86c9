"""The cases behind a figure: the same targets that it counts, without personal data, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from outreach.errors import BadInput, FieldFault
from outreach.models import Category
from outreach.models.statements import dialect, fetch, moment_in
from outreach.reports.facts import FROM, SCOPE
from outreach.reports.packing import CHANNELS, TELLERS
from outreach.reports.period import Period
from outreach.reports.spans import HOUR, hour_in, hours_between

JOINS = f"{FROM} JOIN category c ON c.id = w.category_id JOIN escalation_policy p ON p.id = o.policy_id"
REACHED = "t.reached_at IS NOT NULL"
FIGURES = {
    "warned": "1 = 1",
    "contacted": "t.contacted_at IS NOT NULL",
    "reached": REACHED,
    "convinced": "t.convinced_at IS NOT NULL",
    "open": "t.ended_at IS NULL AND t.reached_at IS NULL",
    "following_up": f"t.ended_at IS NULL AND {REACHED}",
    "unreached": "t.end_state = 'unreached' AND t.reached_at IS NULL",
    "false_alarm": "t.end_state = 'false_alarm' AND t.reached_at IS NULL",
    "withdrawn": "t.end_state = 'withdrawn' AND t.reached_at IS NULL",
    "closed": "t.end_state = 'closed' AND t.reached_at IS NULL",
    "accurate": "t.accurate",
    "inaccurate": "NOT t.accurate",
    "judged": "t.accurate IS NOT NULL",
    "ended": "t.ended_at IS NOT NULL",
    "told": f"{REACHED} AND t.told_at IS NOT NULL",
    "defrauded": "t.defrauded",
    "defrauded_convinced": "t.defrauded AND t.convinced_at IS NOT NULL",
}
OF = {"accurate": "judged", "inaccurate": "judged", "fed_back": "ended", "defrauded_convinced": "convinced"}
"""What a figure is a part of, unless it is one of all warned of."""
SHARED = ("place", "hour", "weekend", "policy")
"""What narrows the whole as it does the part."""
THURSDAY, SATURDAY = 3, 5
"""Days counted from Monday: 1970 began on a Thursday."""
EPOCH = {
    "sqlite": "CAST(strftime('%s', w.received_at) AS INTEGER)",
    "postgres": "CAST(floor(extract(epoch FROM w.received_at)) AS bigint)",
}
LATER = {
    "sqlite": "julianday({later}) - julianday({first}) <= {minutes} / 1440.0 + 1e-9",
    "postgres": "{later} <= {first} + {minutes} * interval '1 minute'",
}


async def cases_behind(
    asked: Period, figure: str, narrowed: dict[str, str], cursor: str | None = None, limit: int = 50
) -> dict[str, Any]:
    """A page of the targets that the figure counts: {cases, count, of, next}; BadInput for a word it does not know.

    `narrowed`: `channel`, `reason`, `policy`, `told_by`, `place` (an area's path), `hour` with `weekend` (0 or 1),
    `within` for minutes; `count` is of all pages, and `of` what it is a part of.
    """
    where, values = _where(asked, figure, narrowed)
    whole = _where(asked, OF.get(figure, "warned"), {name: narrowed[name] for name in SHARED if name in narrowed})
    page, given = "", list(values)
    if cursor:
        given.append(_read_cursor(cursor))
        page = f" AND t.id < ${len(given)}"
    columns = (
        "t.id, t.outreach_id, w.received_at, w.severity, c.code, t.reached_at, t.reached_by, t.ended_at, t.end_state"
    )
    area = "g.code AS area_code, g.name AS area_name, g.path AS area_path"
    sql = f"SELECT {columns}, t.end_reason, {area} {JOINS} WHERE {where}{page} ORDER BY t.id DESC LIMIT {limit + 1}"
    called: dict[str, Any] = {
        row.code: row.scripts.get("names", {}) for row in await Category.all().only("code", "scripts")
    }
    rows = [_case(row, called) for row in await fetch(sql, *given)]
    return {
        "cases": rows[:limit],
        "count": await _count(where, values),
        "of": await _count(*whole),
        "next": rows[limit - 1]["target_id"] if len(rows) > limit else None,
    }


async def _count(where: str, values: list[object]) -> int:
    return int((await fetch(f"SELECT count(*) AS n {JOINS} WHERE {where}", *values))[0]["n"])


def _where(asked: Period, figure: str, narrowed: dict[str, str]) -> tuple[str, list[object]]:
    begin, end = (moment.astimezone(UTC) for moment in (asked.begin, asked.end))
    values: list[object] = [begin, end, asked.area_path, len(asked.area_path)]
    parts = [SCOPE, _figure(figure)]

    def put(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    for column, codes in (("c.code", asked.categories), ("w.severity", asked.severities)):
        if codes:
            parts.append(f"{column} IN ({', '.join(put(code) for code in sorted(codes))})")
    if "channel" in narrowed:
        parts.append(
            _by("t.contacted_by" if figure == "contacted" else "t.reached_by", narrowed["channel"], CHANNELS, put)
        )
    if "told_by" in narrowed:
        parts.append(_by("t.lost_told_by", narrowed["told_by"], TELLERS, put))
    if "reason" in narrowed:
        parts.append(f"COALESCE(t.end_reason, '') = {put(narrowed['reason'])}")
    if "policy" in narrowed:
        name, _, version = narrowed["policy"].rpartition(" v")
        parts.append(f"p.name = {put(name)} AND p.version = {put(_number(version, 'policy'))}")
    if "place" in narrowed:
        parts.append(f"g.path = {put(narrowed['place'])}" if narrowed["place"] else "o.area_id IS NULL")
    if "hour" in narrowed:
        weekend = _number(narrowed.get("weekend", "0"), "weekend") > 0
        parts.append(_at_hour(_number(narrowed["hour"], "hour"), weekend, asked, put))
    if "within" in narrowed:
        parts.append(f"{REACHED} AND {_later('t.reached_at', 'w.received_at', _number(narrowed['within'], 'within'))}")
    return " AND ".join(f"({part})" for part in parts), values


def _figure(figure: str) -> str:
    if figure == "fed_back":
        return f"t.ended_at IS NOT NULL AND t.told_at IS NOT NULL AND {_later('t.told_at', 't.ended_at', 1440)}"
    if figure not in FIGURES:
        raise BadInput(faults=(FieldFault("figure", f"One of {', '.join((*FIGURES, 'fed_back'))}."),))
    return FIGURES[figure]


def _by(column: str, name: str, names: tuple[str, ...], put: Any) -> str:
    if name not in names:
        raise BadInput(faults=(FieldFault("channel", f"One of {', '.join(names)}."),))
    if name != names[-1]:
        return f"{column} = {put(name)}"
    return f"{column} IS NULL OR {column} NOT IN ({', '.join(put(each) for each in names[:-1])})"


def _later(later: str, first: str, minutes: int) -> str:
    return LATER[dialect()].format(later=later, first=first, minutes=minutes)


def _at_hour(hour: int, weekend: bool, asked: Period, put: Any) -> str:
    """Received in the hours (UTC) that are this one there, on a weekday or a weekend, as the report counts them."""
    since = EPOCH[dialect()]
    parts = []
    for begin, end, offset in _offsets(asked):
        there = f"({since} / 3600 * 3600 + {offset})"
        day = f"({there} / 86400 + {THURSDAY}) % 7 {'>=' if weekend else '<'} {SATURDAY}"
        within = f"w.received_at >= {put(begin)} AND w.received_at < {put(end)}"
        parts.append(f"({within} AND {there} / 3600 % 24 = {hour} AND {day})")
    return " OR ".join(parts)


def _offsets(asked: Period) -> list[tuple[datetime, datetime, int]]:
    """The stretches of the period in which the zone keeps one offset from UTC, with it in seconds."""
    found: list[tuple[datetime, datetime, int]] = []
    for at in hours_between(hour_in(asked.begin), asked.end + HOUR):
        offset = int(at.astimezone(asked.zone).utcoffset().total_seconds())  # type: ignore[union-attr]
        if found and found[-1][2] == offset:
            found[-1] = (found[-1][0], at + HOUR, offset)
        else:
            found.append((at, at + HOUR, offset))
    return found


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadInput(faults=(FieldFault(field, "Not a value of this field."),))
    return int(text)


def _read_cursor(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(faults=(FieldFault("cursor", "Not a value of this field."),)) from None


def _case(row: dict[str, Any], called: dict[str, Any]) -> dict[str, Any]:
    times: dict[str, datetime | None] = {
        name: moment_in(row[name]) for name in ("received_at", "reached_at", "ended_at")
    }
    return {
        "target_id": str(row["id"]),
        "outreach_id": str(row["outreach_id"]),
        "severity": row["severity"],
        "category": row["code"],
        "category_name": called[row["code"]],
        "area": {name: row[f"area_{name}"] for name in ("code", "name", "path")} if row["area_code"] else None,
        "reached_by": row["reached_by"],
        "end_state": row["end_state"],
        "end_reason": row["end_reason"],
        **times,
    }
