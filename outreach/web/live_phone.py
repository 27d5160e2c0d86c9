"""`GET /api/me/live`: a phone on duty is told at once that something changed for it; what, it asks as ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from outreach import tasks
from outreach.web.answers import Held
from outreach.web.asking import Ask
from outreach.web.live import STREAM, UNBUFFERED, still_stands
from outreach.web.streaming import Live, frame
from outreach.web.table import RESPONDER, Route


async def live(ask: Ask) -> Response:
    """That something changed for this responder, without an end; nothing of what it was."""
    if STREAM in ask.request.headers.get("accept", "") and ask.request.method == "GET":
        hub: Live = ask.request.app.state.live
        return StreamingResponse(_stream(ask, hub), media_type=STREAM, headers=UNBUFFERED)
    offers = await tasks.open_offers(ask.caller.id, ask.now)
    held = await tasks.live_tasks(ask.caller.id)
    return ask.answer({"offers": [each.id for each in offers], "tasks": [each.id for each in held]})


async def _stream(ask: Ask, hub: Live) -> AsyncIterator[bytes]:
    changed = await hub.join_phone(ask.caller.id)
    try:
        yield frame("hello", 0, {})
        while not hub.closed:
            if await _waited(changed, ask.request.app.state.beat_s):
                changed.clear()
                yield frame("changed", 0, {})
            elif await still_stands(ask):
                yield b": still here\n\n"
            else:
                return
    finally:
        hub.leave_phone(ask.caller.id, changed)


async def _waited(changed: asyncio.Event, within_s: float) -> bool:
    try:
        return await asyncio.wait_for(changed.wait(), within_s)
    except TimeoutError:
        return False


ROUTES = (
    Route(
        "GET",
        "/api/me/live",
        live,
        (RESPONDER,),
        "With `Accept: text/event-stream` a stream of `changed`, which says to ask anew; else the ids of what is "
        "offered and held now.",
        gives=f"application/json, {STREAM}",
        shape=Held,
    ),
)
