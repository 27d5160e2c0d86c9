"""What a request is about, for the log: bound as soon as it is known, and never more than ids."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from tortoise.models import Model

from outreach.models import Attempt, Notice, Offer, Target, Task
from outreach.web.asking import Ask

NAMES = {
    "outreaches": "outreach_id",
    "offers": "offer_id",
    "tasks": "task_id",
    "attempts": "attempt_id",
    "notices": "notice_id",
    "warnings": "warning_id",
}
"""What the `{id}` of a path names, by the part of the path before it."""
ROWS: dict[str, tuple[type[Model], str]] = {
    "offer_id": (Offer, "id"),
    "task_id": (Task, "id"),
    "attempt_id": (Attempt, "id"),
    "notice_id": (Notice, "id"),
    "warning_id": (Target, "warning_id"),
}
"""By which row an outreach is found, when the path names another thing."""
PATIENCE_S = 1.0
log = structlog.get_logger(__name__)


def begin() -> str:
    """Forget what the request before was about, and give this one the id that its lines and its answer carry."""
    clear_contextvars()
    request_id = secrets.token_hex(8)
    bind_contextvars(request_id=request_id)
    return request_id


def end() -> None:
    """Forget what this request was about."""
    clear_contextvars()


def name_in(path: str) -> str | None:
    """The name under which the `{id}` of this route's path is logged."""
    return NAMES.get(path.partition("/{id}")[0].rpartition("/")[2]) if "{id}" in path else None


def bind_id(name: str | None, given: object) -> None:
    """Bind the id in the path, where it is one: another text there could be anybody's name."""
    found = _id(given) if name is not None else None
    if name is not None and found is not None:
        bind_contextvars(**{name: str(found)})


async def find_outreach(ask: Ask) -> None:
    """Bind the outreach of a request that came to grief, by a look at the row it named; those that fare well need none.

    A look that fails is logged and changes nothing: the answer is about what went wrong before.
    """
    known = get_contextvars()
    if "outreach_id" in known:
        return
    try:
        async with asyncio.timeout(PATIENCE_S):
            found = await _outreach_of({**_named_in(ask.parsed), **known})
    except Exception as failure:
        log.warning("outreach_not_looked_up", error=type(failure).__name__)
        return
    if found is not None:
        bind_contextvars(outreach_id=str(found))


async def _outreach_of(known: Mapping[str, Any]) -> object:
    for name, (model, column) in ROWS.items():
        row_id = _id(known.get(name))
        if row_id is not None:
            found = await model.filter(**{column: row_id}).limit(1).values_list("outreach_id", flat=True)
            return next(iter(found), None)
    return None


def _named_in(body: Any) -> dict[str, Any]:
    """The task that a check-in is about."""
    return {"task_id": body.get("task_id")} if isinstance(body, dict) else {}


def _id(given: object) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
