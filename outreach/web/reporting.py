"""`GET /api/reports/time-to-reach`: the figures the service is judged by, as JSON or CSV."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from outreach import reports
from outreach.access import in_scope
from outreach.errors import BadInput, FieldFault, NotFound
from outreach.models.states import TokenKind
from outreach.web.answers import TimeToReach
from outreach.web.asking import Ask
from outreach.web.table import READING, SOURCE, Route

USUAL = timedelta(days=7)


async def time_to_reach(ask: Ask) -> Response:
    """The report on the caller's area, or on a source's own warnings."""
    query = ask.request.query_params
    to = ask.query_time("to", ask.now)
    frm = ask.query_time("from", to - USUAL)
    as_csv = _wants_csv(ask)
    report = await reports.time_to_reach(
        frm,
        to,
        ask.now,
        by=query.get("by"),
        area_path=_area(ask),
        source_id=ask.caller.source_id if ask.caller.kind is TokenKind.SOURCE else None,
        clock=query.get("clock", "received"),
    )
    if as_csv:
        return Response(report.to_csv(), media_type="text/csv")
    return ask.answer(report.to_json())


def _area(ask: Ask) -> str | None:
    own = None if ask.caller.kind is TokenKind.SOURCE else ask.caller.area_path
    asked = ask.request.query_params.get("area")
    if asked is None:
        return own
    if own is not None and not in_scope(ask.caller, asked):
        raise NotFound()
    return asked


def _wants_csv(ask: Ask) -> bool:
    asked = ask.request.query_params.get("format")
    if asked not in (None, "json", "csv"):
        raise BadInput(faults=(FieldFault("format", "One of json, csv."),))
    return asked == "csv" or (asked is None and "text/csv" in ask.request.headers.get("accept", ""))


ROUTES = (
    Route(
        "GET",
        "/api/reports/time-to-reach",
        time_to_reach,
        (*READING, SOURCE),
        "The report, as JSON or, by `Accept: text/csv` or `format=csv`, as CSV.",
        gives="application/json, text/csv",
        asks={
            "from": "Warnings received from this time on; a week before `to`.",
            "to": "Warnings received before this time; now.",
            "by": f"Split by one of {', '.join(reports.BY)}.",
            "clock": f"Count from one of {', '.join(reports.CLOCKS)}.",
            "area": "The path of an area within the caller's own.",
            "format": "json or csv.",
        },
        shape=TimeToReach,
        refuses=(NotFound,),
    ),
)
