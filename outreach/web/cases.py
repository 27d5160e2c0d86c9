"""What a coordinator watches and decides: the list, one case, and each decision against the version they read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import outcomes, reports
from outreach.access import outreaches_seen_by
from outreach.errors import (
    IllegalMove,
    NotFound,
    Refusal,
    StaleVersion,
    VersionNeeded,
)
from outreach.models import Outreach
from outreach.models.states import EndState
from outreach.reports.cases import FILTERS
from outreach.web.answers import OutreachPage, Standing
from outreach.web.asking import MOST_DIGITS, Ask
from outreach.web.forms import Form
from outreach.web.table import DECIDING, READING, Handler, Route

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A reason is a code, such as `left_town`: timelines hold no free text."""
Decision = Callable[[Outreach], Awaitable[None]]


class ReasonForm(Form):
    """Why, as a code."""

    reason: Code


class CloseForm(ReasonForm):
    """Why it ends, and as what: `unreached` is what it is where they were looked for and not found."""

    end_state: Literal["unreached", "closed", "false_alarm", "withdrawn"] = "closed"


async def outreaches(ask: Ask) -> Response:
    """The outreaches in this coordinator's area."""
    query = dict(ask.request.query_params)
    cursor, limit = query.pop("cursor", None), ask.query_number("limit", 50, 1, 200)
    query.pop("limit", None)
    return ask.answer(await reports.outreach_list(outreaches_seen_by(ask.caller), query, cursor, limit))


async def pause(ask: Ask) -> Response:
    """Stop the ladder where it is."""
    form = await ask.form(ReasonForm)
    return await decide(ask, lambda row: outcomes.pause(row, form.reason, ask.actor, ask.now))


async def resume(ask: Ask) -> Response:
    """Let the ladder go on."""
    form = await ask.form(ReasonForm)
    return await decide(ask, lambda row: outcomes.resume(row, form.reason, ask.actor, ask.now))


async def reopen(ask: Ask) -> Response:
    """Climb again from the foot."""
    form = await ask.form(ReasonForm)
    return await decide(ask, lambda row: outcomes.reopen(row, form.reason, ask.actor, ask.now))


async def close(ask: Ask) -> Response:
    """End it by decision."""
    form = await ask.form(CloseForm)
    end = EndState(form.end_state)
    return await decide(ask, lambda row: outcomes.close(row, end, form.reason, ask.actor, ask.now))


async def take(ask: Ask) -> Response:
    """This coordinator has the case."""
    return await decide(ask, lambda row: outcomes.take(row, ask.caller.id, ask.now))


async def decide(ask: Ask, decision: Decision, undo_until: datetime | None = None) -> Response:
    """Carry out a decision on the version that was read; raises VersionNeeded, StaleVersion, NotFound.

    `undo_until` is said in the answer: until when it can be taken back.
    """
    read = versions_read(ask)
    await refuse_unseen(ask)
    async with in_transaction():
        row = await Outreach.select_for_update(no_key=True).get(id=ask.id)
        await refuse_stale(row, read, ask)
        await decision(row)
        row = await Outreach.get(id=row.id)
    ask.parts.wake()
    return standing(row, ask, undo_until)


async def refuse_stale(row: Outreach, read: set[str], ask: Ask) -> None:
    """Raises StaleVersion, with what changed since, unless one of the versions `read` is the case's."""
    if read == {"*"} or str(row.version) in read:
        return
    last = max((int(version) for version in read if is_number(version)), default=row.version)
    raise StaleVersion(await reports.changes_since(row.id, last, ask.caller.area_path))


def is_number(text: str) -> bool:
    """Whether this is a version that we gave."""
    return text.isascii() and text.isdigit() and len(text) < MOST_DIGITS


def versions_read(ask: Ask) -> set[str]:
    """The versions in If-Match; raises VersionNeeded without one."""
    given = ask.request.headers.get("if-match", "").strip()
    if not given:
        raise VersionNeeded()
    return {part.strip().strip('"') for part in given.split(",")}


async def refuse_unseen(ask: Ask) -> None:
    """Raises NotFound for an outreach outside the caller's area: it is not said that there is one."""
    if not await outreaches_seen_by(ask.caller).filter(id=ask.id).exists():
        raise NotFound()


def etag(version: int) -> str:
    """The version as an ETag."""
    return f'"{version}"'


def standing(row: Outreach, ask: Ask, undo_until: datetime | None = None) -> Response:
    """How an outreach stands after a decision."""
    said = {
        "id": row.id,
        "status": row.status.value,
        "version": row.version,
        "paused_at": row.paused_at,
        "taken_by_id": row.taken_by_id,
        "contacted_at": row.contacted_at,
        "reached_at": row.reached_at,
        "ended_at": row.ended_at,
        "end_state": row.end_state.value if row.end_state else None,
        "end_reason": row.end_reason,
        "undo_until": undo_until,
    }
    return ask.answer(said, headers={"ETag": etag(row.version)})


CASE = "/api/outreaches/{id}"
YES_OR_NO = ("live", "taken", "paused", "reached", "exercise")
FILTER_WORDS = {name: f"Only those with this `{name}`." for name in FILTERS}
FILTER_WORDS |= {name: f"true: only those {name}; false: only the others." for name in YES_OR_NO}
PAGING = {"cursor": "`next` of the page before.", "limit": "Rows a page, 1 to 200."}


def _decision(name: str, handler: Handler, says: str, form: type[Form] | None, *refuses: type[Refusal]) -> Route:
    versions: dict[str, Any] = {"needs_version": True, "gives_version": True}
    path = f"{CASE}/{name}"
    return Route("POST", path, handler, DECIDING, says, form, shape=Standing, refuses=refuses, **versions)


ROUTES = (
    Route(
        "GET",
        "/api/outreaches",
        outreaches,
        READING,
        "A page of outreaches, newest first.",
        asks=FILTER_WORDS | PAGING,
        shape=OutreachPage,
    ),
    _decision("pause", pause, "Paused.", ReasonForm, IllegalMove),
    _decision("resume", resume, "Under way again.", ReasonForm, IllegalMove),
    _decision("close", close, "Ended.", CloseForm, IllegalMove),
    _decision("reopen", reopen, "Open again.", ReasonForm, IllegalMove),
    _decision("take", take, "Taken by this coordinator.", None),
)
