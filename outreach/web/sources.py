"""What a source does: post warnings, ask after one, follow what became of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.responses import Response

from outreach import intake, notices, reports
from outreach.access import outreaches_seen_by
from outreach.errors import (
    DifferentContent,
    NeitherPhoneNorPlace,
    NotFound,
    NotYours,
    OtherResident,
    RealCaseLive,
    UnknownCategory,
    UnknownReference,
)
from outreach.models import Warning
from outreach.models.states import TokenKind
from outreach.web.answers import Feed, ManyReceived, WarningReceived, WarningStatus
from outreach.web.asking import Ask
from outreach.web.problems import problem_body
from outreach.web.table import DECIDING, READING, SOURCE, Also, Route


async def post_warnings(ask: Ask) -> Response:
    """Take in one warning, or a list of them: 202 says that it is on disk."""
    body = await ask.json()
    source_id = _source(ask)
    settings = ask.parts.settings
    if isinstance(body, list):
        items = await intake.receive_many(body, source_id, settings, ask.now)
        ask.parts.wake()
        return ask.answer({"items": [_item(item, ask) for item in items]})
    form, ask.ignored = intake.parse_warning(body)
    received = await intake.receive_warning(form, source_id, settings, ask.now)
    ask.parts.wake()
    return ask.answer(_received(received, ask), 202 if received.created else 200)


async def warning(ask: Ask) -> Response:
    """How one warning stands: its times, its targets, their timelines."""
    if ask.caller.kind is TokenKind.SOURCE:
        return ask.answer(await reports.warning_status(ask.id, ask.caller.source_id))
    if not await _seen(ask):
        raise NotFound()
    return ask.answer(await reports.warning_status(ask.id, None))


async def feed(ask: Ask) -> Response:
    """What became of this source's warnings since the line `after`; what it is given, it is told."""
    assert ask.caller.source_id is not None
    after = ask.query_number("after", 0, most=2**63 - 1)
    lines = await reports.feed(ask.caller.source_id, after)
    await notices.told_by_feed(lines, ask.now)
    return ask.answer({"events": lines, "next": lines[-1]["seq"] if lines else after})


def _source(ask: Ask) -> UUID:
    if ask.caller.source_id is None:
        raise NotYours("This coordinator has no source in whose name a warning could be taken down.")
    return ask.caller.source_id


async def _seen(ask: Ask) -> bool:
    if ask.caller.area_path is None:
        return True
    if await outreaches_seen_by(ask.caller).filter(targets__warning_id=ask.id).exists():
        return True
    own = ask.caller.source_id
    return own is not None and await Warning.filter(id=ask.id, source_id=own).exists()


def _received(received: intake.Received, ask: Ask) -> dict[str, Any]:
    return {
        "id": received.warning_id,
        "target_id": received.target_id,
        "outreach_id": received.outreach_id,
        "status": received.status,
        "url": f"{ask.parts.settings.public_url.rstrip('/')}/api/warnings/{received.warning_id}",
    }


def _item(item: intake.Item, ask: Ask) -> dict[str, Any]:
    said: dict[str, Any] = {"index": item.index}
    if item.received is not None:
        said |= {"code": 202 if item.received.created else 200, **_received(item.received, ask)}
    elif item.refusal is not None:
        said |= {"code": item.refusal.status, "problem": problem_body(item.refusal)}
    return said | ({"ignored": item.ignored} if item.ignored else {})


ROUTES = (
    Route(
        "POST",
        "/api/warnings",
        post_warnings,
        (SOURCE, *DECIDING),
        "The warning is on disk.",
        intake.WarningForm,
        answers=202,
        takes_many=1000,
        shape=WarningReceived,
        also=(Also(200, "It was on disk before; or, to a list, a code per item.", WarningReceived | ManyReceived),),
        refuses=(
            NeitherPhoneNorPlace,
            UnknownCategory,
            UnknownReference,
            OtherResident,
            DifferentContent,
            RealCaseLive,
        ),
    ),
    Route(
        "GET",
        "/api/warnings/{id}",
        warning,
        (SOURCE, *READING),
        "The warning, its targets and timelines.",
        shape=WarningStatus,
    ),
    Route(
        "GET",
        "/api/feed",
        feed,
        (SOURCE,),
        "What became of this source's warnings, oldest first; ask next with `after` as `next` says.",
        asks={"after": "The `seq` of the last line read; 0 from the start."},
        shape=Feed,
    ),
)
