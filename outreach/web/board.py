"""`GET /api/board`: all that a coordinator's board shows, or what changed in some cases; each name's look is noted."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from outreach import outcomes, reports
from outreach.access import outreaches_seen_by
from outreach.access.looking import note_names
from outreach.errors import BadInput, FieldFault, NotFound
from outreach.web.answers import Board, Cases, EndedCases, Words
from outreach.web.asking import Ask
from outreach.web.table import DECIDING, READING, Route

MOST = 100
"""Cases asked for by their ids at once."""


async def board(ask: Ask) -> Response:
    """The queue of this coordinator's area, who is on duty there, its areas, and where nobody will be."""
    path = ask.caller.area_path
    rows = await reports.queue(outreaches_seen_by(ask.caller))
    await note_names(ask.caller, [row["id"] for row in rows], ask.now)
    return ask.answer(
        {
            "now": ask.now,
            "target_s": ask.parts.settings.target_minutes * 60,
            "cases": rows,
            "staff": await reports.staff(path, ask.now),
            "areas": await reports.areas_under(path),
            "gaps": await reports.gaps(path, ask.now),
            "today": await reports.today(path, ask.now),
        }
    )


async def some(ask: Ask) -> Response:
    """Those of the cases named that are live and in this coordinator's area, as the board shows them."""
    rows = await reports.queue(outreaches_seen_by(ask.caller), _ids(ask))
    await note_names(ask.caller, [row["id"] for row in rows], ask.now)
    return ask.answer({"cases": rows})


async def ended(ask: Ask) -> Response:
    """The cases of this coordinator's area that ended in the last 24 hours."""
    rows = await reports.ended(outreaches_seen_by(ask.caller), ask.now)
    await note_names(ask.caller, [row["id"] for row in rows], ask.now)
    return ask.answer({"cases": rows})


async def words(ask: Ask) -> Response:
    """What stands on the board of whoever asks."""
    found = await reports.words(outreaches_seen_by(ask.caller), ask.caller.id, ask.now)
    await note_names(ask.caller, [row["outreach_id"] for row in found if row["outreach_id"]], ask.now)
    return ask.answer({"words": found})


async def seen(ask: Ask) -> Response:
    """Take a word away; one that stands on another's board is not found."""
    standing = await reports.words(outreaches_seen_by(ask.caller), ask.caller.id, ask.now)
    if ask.id not in {row["id"] for row in standing}:
        raise NotFound()
    await outcomes.take_away(ask.id, ask.now)
    return Response(status_code=204)


def _ids(ask: Ask) -> list[UUID]:
    given = [part for part in ask.request.query_params.get("ids", "").split(",") if part]
    try:
        ids = [UUID(part) for part in given]
    except ValueError:
        raise BadInput(faults=(FieldFault("ids", "are ids of outreaches, with commas between them"),)) from None
    if len(ids) > MOST:
        raise BadInput(faults=(FieldFault("ids", f"are at most {MOST}"),))
    return ids


ROUTES = (
    Route("GET", "/api/board", board, READING, "The board of the caller's area.", shape=Board),
    Route(
        "GET",
        "/api/board/cases",
        some,
        READING,
        "Those of the named cases that are live.",
        asks={"ids": f"Up to {MOST} outreaches, with commas between them."},
        shape=Cases,
    ),
    Route("GET", "/api/board/ended", ended, READING, "Cases that ended in the last 24 hours.", shape=EndedCases),
    Route("GET", "/api/board/words", words, READING, "What stands on the caller's board.", shape=Words),
    Route("POST", "/api/board/words/{id}/seen", seen, DECIDING, "Taken from the board.", answers=204),
)
