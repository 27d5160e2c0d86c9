"""`GET /api/reports/period`: the report on whole days; its tables, the cases behind its figures, and the aftermath."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach.access import in_scope
from outreach.errors import BadInput, FieldFault, NotFound
from outreach.models.states import Severity
from outreach.outcomes.aftermath import record_aftermath
from outreach.reports.behind_figures import cases_behind
from outreach.reports.packing import TELLERS
from outreach.reports.period import SPLITS, Period, period_report, zone_of
from outreach.reports.tables import TABLES, table_as_csv, workbook
from outreach.web.answers.behind import AftermathKept, CasesBehind
from outreach.web.answers.periods import PeriodReport
from outreach.web.asking import Ask
from outreach.web.cases import CASE, refuse_unseen
from outreach.web.forms import Form
from outreach.web.table import DECIDING, READING, Route

USUAL = timedelta(days=27)
LONGEST = timedelta(days=3660)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LOST = 10**12


class AftermathForm(Form):
    """Whether they were defrauded all the same (null takes it back), how much was lost, and who told."""

    target_id: UUID
    defrauded: bool | None
    lost: int = Field(0, ge=0, le=MOST_LOST)
    told_by: Literal["police", "bank", "resident", "other"] = "other"


async def period(ask: Ask) -> Response:
    """The report on a period."""
    return ask.answer(await _report(ask))


async def table(ask: Ask) -> Response:
    """One table of it as CSV, or all as a workbook."""
    name, form = (ask.request.query_params.get(word, usual) for word, usual in (("table", "within"), ("format", "csv")))
    if form not in ("csv", "xlsx"):
        raise BadInput(faults=(FieldFault("format", "One of csv, xlsx."),))
    if form == "csv" and name not in TABLES:
        raise BadInput(faults=(FieldFault("table", f"One of {', '.join(TABLES)}."),))
    report = await _report(ask)
    if form == "xlsx":
        return _file(workbook(report), XLSX, f"{report['from']}-{report['to']}.xlsx")
    return _file(table_as_csv(report, name).encode(), "text/csv", f"{name}-{report['from']}-{report['to']}.csv")


async def cases(ask: Ask) -> Response:
    """The cases behind a figure."""
    query = ask.request.query_params
    narrowed = {name: query[name] for name in NARROWED if name in query}
    limit = ask.query_number("limit", 50, 1, 200)
    asked = await _asked(ask)
    return ask.answer(await cases_behind(asked, query.get("figure", "warned"), narrowed, query.get("cursor"), limit))


async def aftermath(ask: Ask) -> Response:
    """Record what was learnt after the case."""
    await ask.json()
    # Before its fields are looked at: whoever may not see the case learns nothing of which targets there are.
    await refuse_unseen(ask)
    form = await ask.form(AftermathForm)
    async with in_transaction():
        kept = await record_aftermath(
            ask.id, form.target_id, form.defrauded, form.lost, form.told_by, ask.actor, ask.now
        )
    said = {"target_id": kept.id, "defrauded": kept.defrauded, "lost": kept.lost, "told_by": kept.lost_told_by}
    return ask.answer(said)


async def _report(ask: Ask) -> dict[str, object]:
    found = await period_report(await _asked(ask), ask.now)
    settings = ask.parts.settings
    return {**found, "target_minutes": settings.target_minutes, "currency": settings.currency or None}


async def _asked(ask: Ask) -> Period:
    query, area, settings = ask.request.query_params, _area(ask), ask.parts.settings
    zone, target = await zone_of(area, settings.city_time_zone), settings.target_minutes
    to = _day(ask, "to", ask.now.astimezone(zone).date())
    frm = _day(ask, "from", to - USUAL)
    if not timedelta() <= to - frm <= LONGEST:
        raise BadInput(faults=(FieldFault("to", "Must be `from` or later, by ten years at the most."),))
    severities = _listed(query.get("severity"))
    if severities - {severity.value for severity in Severity}:
        raise BadInput(faults=(FieldFault("severity", f"Some of {', '.join(Severity)}, with commas."),))
    split = query.get("split")
    if split is not None and split not in SPLITS:
        raise BadInput(faults=(FieldFault("split", f"One of {', '.join(SPLITS)}."),))
    # The part of no area has an empty name, which the board's address keeps only as a space.
    parts = [query[name].strip() if name in query else None for name in ("first", "second")]
    return Period(frm, to, zone, area, _listed(query.get("category")), severities, split, target, *parts)


def _day(ask: Ask, name: str, usual: date) -> date:
    given = ask.request.query_params.get(name)
    try:
        found = usual if given is None else date.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or not 2000 < found.year < 2200:
        raise BadInput(faults=(FieldFault(name, "Write a day, as in 2026-11-24."),))
    return found


def _listed(given: str | None) -> frozenset[str]:
    return frozenset(part for part in (given or "").split(",") if part)


def _area(ask: Ask) -> str:
    own, asked = ask.caller.area_path or "", ask.request.query_params.get("area") or ""
    if asked and own and not in_scope(ask.caller, asked):
        raise NotFound()
    return asked or own


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ASKS = {
    "from": "The first day, in the area's time zone; 28 days up to `to`, by default.",
    "to": "The last day; today.",
    "area": "The path of an area within the caller's own.",
    "category": "Codes of categories, with commas; all.",
    "severity": "Severities, with commas; all.",
    "split": f"Beside the whole, figures by one of {', '.join(SPLITS)}.",
    "first": "With `split`: the part that is compared, by its name; of policies usually the newest version of one.",
    "second": "The part that it is compared with.",
}
NARROWED = {
    "place": "Only those whose case lies in this very area, by its path; empty: in none.",
    "hour": "Only those received at this hour of the day there, on a weekday: 0 to 23.",
    "weekend": "With `hour`: 1 for Saturdays and Sundays.",
    "channel": "Only those by this channel: sms, voice, call, visit, other.",
    "reason": "Only those that ended for this reason.",
    "policy": "Only those of this policy, as in `fraud_high v3`.",
    "told_by": f"Only those told by one of {', '.join(TELLERS)}.",
    "within": "Only those reached within so many minutes.",
}
ROUTES = (
    Route(
        "GET",
        "/api/reports/period",
        period,
        READING,
        "The report on whole days: how soon people were reached, how far they got, where the minutes went.",
        asks=ASKS,
        shape=PeriodReport,
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        "/api/reports/table",
        table,
        READING,
        "One table of that report as CSV, or all as a workbook.",
        gives=f"text/csv, {XLSX}",
        asks=ASKS | {"table": f"One of {', '.join(TABLES)}.", "format": "csv or xlsx."},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        "/api/reports/cases",
        cases,
        READING,
        "A page of the cases behind one of its figures.",
        asks=ASKS
        | NARROWED
        | {
            "figure": "What is counted, as in `reached`, `unreached`, `fed_back`; `warned`, by default.",
            "cursor": "`next` of the page before.",
            "limit": "Rows a page, 1 to 200.",
        },
        shape=CasesBehind,
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        f"{CASE}/aftermath",
        aftermath,
        DECIDING,
        "What is kept of that target now.",
        AftermathForm,
        shape=AftermathKept,
    ),
)
