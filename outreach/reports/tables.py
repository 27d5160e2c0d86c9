"""The tables of a period's report, for a spreadsheet: CSV of one, a workbook of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

Row = Sequence[object]
Report = dict[str, Any]
MINUTES, SHARES = 2, 4
"""Decimals that say something: more are of the reckoning."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _groups(report: Report) -> list[dict[str, Any]]:
    return [report["all"], *report["groups"]]


def _within(report: Report) -> list[Row]:
    head: Row = ("group", "warned", "minutes", "share", "low", "high", "reached")
    return [head, *((g["name"], g["warned"], *w.values()) for g in _groups(report) for w in g["within"])]


def _compared(report: Report) -> list[Row]:
    names = ("first", "second", "difference", "difference_low", "difference_high")
    found = report["compared"]
    return [("minutes", *names), *([(report["target_minutes"], *(found[name] for name in names))] if found else [])]


def _curve(report: Report) -> list[Row]:
    return [
        ("group", "minutes", "share", "low", "high", "reached"),
        *((g["name"], *c.values()) for g in _groups(report) for c in g["curve"]),
    ]


def _funnel(report: Report) -> list[Row]:
    rows: list[Row] = [("group", "step", "channel", "count")]
    for group in _groups(report):
        rows.append((group["name"], "warned", "all", group["warned"]))
        for step, found in group["funnel"].items():
            rows += [(group["name"], step, "all", found["count"])]
            rows += [(group["name"], step, channel, n) for channel, n in found["by"].items()]
    return [*rows, ("not counted", "exercises", "all", report["exercises"])]


def _stages(report: Report) -> list[Row]:
    head: Row = ("group", "reached by", "reached", "until", "mean minutes")
    return [
        head,
        *(
            (g["name"], s["channel"], s["count"], each["until"], each["minutes"])
            for g in _groups(report)
            for s in g["stages"]
            for each in s["stages"]
        ),
    ]


def _areas(report: Report) -> list[Row]:
    names = ("code", "name", "path", "warned", "share")
    return [names, *(tuple(area[name] for name in names) for area in report["areas"])]


def _hours(report: Report) -> list[Row]:
    names = ("weekend", "hour", "warned", "known", "within", "share", "nobody")
    return [names, *(tuple(hour[name] for name in names) for hour in report["hours"])]


def _unreached(report: Report) -> list[Row]:
    return [("reason", "count"), *((r["reason"], r["count"]) for r in report["all"]["unreached"]["reasons"])]


def _rates(report: Report) -> list[Row]:
    rates = [(name, *report["all"][name].values()) for name in ("accuracy", "feedback")]
    currency = ("currency", report["currency"] or "")
    return [("rate", "numerator", "denominator", "share", "few"), *rates, *report["all"]["aftermath"].items(), currency]


def _load(report: Report) -> list[Row]:
    return [("figure", "value"), *report["load"].items()]


TABLES: dict[str, Callable[[Report], list[Row]]] = {
    "within": _within,
    "compared": _compared,
    "curve": _curve,
    "funnel": _funnel,
    "stages": _stages,
    "areas": _areas,
    "hours": _hours,
    "unreached": _unreached,
    "rates": _rates,
    "load": _load,
}


def table_as_csv(report: Report, table: str) -> str:
    """One table as CSV; text that a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(_shown(TABLES[table](report)))
    return out.getvalue()


def workbook(report: Report) -> bytes:
    """All tables as a workbook (XLSX), a sheet each."""
    book = Workbook(write_only=True)
    for name, rows in TABLES.items():
        sheet = book.create_sheet(name)
        for row in _shown(rows(report)):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _shown(rows: list[Row]) -> list[list[Any]]:
    """The rows as they are read: minutes to the hundredth, shares to the hundredth of a per cent."""
    digits = [MINUTES if "minutes" in str(name) else SHARES for name in rows[0]]
    return [[_safe(round(c, digits[n]) if isinstance(c, float) else c) for n, c in enumerate(row)] for row in rows]


def _safe(cell: object) -> Any:
    if isinstance(cell, dict):
        return "; ".join(f"{name} {value}" for name, value in cell.items())
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
