"""`GET /api/audit`: who looked at whose personal data; as CSV for the person concerned."""

from __future__ import annotations

from starlette.responses import Response

from outreach import reports
from outreach.errors import BadInput, FieldFault
from outreach.web.answers import Looks
from outreach.web.asking import Ask
from outreach.web.table import ADMIN, CHIEF, Route


async def audit(ask: Ask) -> Response:
    """Who looked at personal data of the area's cases, newest first; one person's looks, or at one person's data."""
    asked = reports.Asked(
        resident_id=ask.query_id("resident"),
        who=ask.query_id("who"),
        frm=ask.query_time("from", ask.now) if "from" in ask.request.query_params else None,
        to=ask.query_time("to", ask.now) if "to" in ask.request.query_params else None,
        area_path=ask.caller.area_path,
        way=_way(ask),
    )
    if _wants_csv(ask):
        if asked.resident_id is None:
            raise BadInput(faults=(FieldFault("resident", "The export is one person's: name the resident."),))
        return Response(await reports.looks_as_csv(asked), media_type="text/csv")
    before = ask.request.query_params.get("cursor")
    return ask.answer(await reports.looks(asked, before, ask.query_number("limit", reports.LOOKS_PAGE, 1, 500)))


def _way(ask: Ask) -> str | None:
    asked = ask.request.query_params.get("what")
    if asked is not None and asked not in reports.WAYS:
        raise BadInput(faults=(FieldFault("what", f"One of {', '.join(reports.WAYS)}."),))
    return asked


def _wants_csv(ask: Ask) -> bool:
    asked = ask.request.query_params.get("format", "json")
    if asked not in ("json", "csv"):
        raise BadInput(faults=(FieldFault("format", "One of json, csv."),))
    return asked == "csv"


ROUTES = (
    Route(
        "GET",
        "/api/audit",
        audit,
        (CHIEF, ADMIN),
        "A page of looks; with `format=csv` all at one resident's data, for them, without anybody's name.",
        gives="application/json, text/csv",
        asks={
            "resident": "The id of whose data was looked at.",
            "who": "The id of the responder or coordinator who looked.",
            "what": "case: at the numbers of a case; search, record: in the registry; board: the names on it.",
            "from": "Looks from this time on.",
            "to": "Looks before this time.",
            "cursor": "`next` of the page before.",
            "limit": "Rows a page, 1 to 500.",
            "format": "json or csv.",
        },
        shape=Looks,
    ),
)
