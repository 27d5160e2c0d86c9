"""`GET /api/live`: what happens in the coordinator's area, as it does; or, asked for JSON, what happened since."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp

from outreach import access, reports
from outreach.errors import BadInput, FieldFault, Refusal
from outreach.web.answers import Happenings
from outreach.web.asking import MOST_DIGITS, Ask
from outreach.web.streaming import END, MOST_MISSED, Live, Reader, frame, missed
from outreach.web.table import READING, Route

STREAM = "text/event-stream"
BEAT_S = 15.0
"""Seconds between two signs of life, at which it is also seen whether the session still stands."""
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RESUME = "last-event-id"


async def live(ask: Ask) -> Response:
    """What happens in the caller's area, without an end; ids and codes, to read the case by."""
    after = _after(ask)
    if STREAM not in ask.request.headers.get("accept", "") or ask.request.method == "HEAD":
        return await _since(ask, after or 0)
    hub: Live = ask.request.app.state.live
    return StreamingResponse(_stream(ask, hub, after), media_type=STREAM, headers=UNBUFFERED)


def end_streams(application: ASGIApp) -> None:
    """End what never ends by itself, so that a server which is told to stop need not wait for it."""
    hub = getattr(getattr(application, "state", None), "live", None)
    if hub is not None:
        hub.close()


async def _stream(ask: Ask, hub: Live, after: int | None) -> AsyncIterator[bytes]:
    reader = await hub.join(ask.caller)
    try:
        if after is not None:
            async for packed in missed(reader, after):
                yield packed
        yield frame("hello", reader.since, {})
        async for packed in _coming(ask, hub, reader):
            yield packed
    finally:
        hub.leave(reader)


async def _coming(ask: Ask, hub: Live, reader: Reader) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    beat_s: float = ask.request.app.state.beat_s
    due = loop.time() + beat_s
    while True:
        packed = await _next(reader, due - loop.time())
        if packed == END:
            return
        if packed is not None:
            yield packed
        if loop.time() >= due:
            if not await still_stands(ask):
                return
            due = loop.time() + beat_s
            # With the place, where nothing waits: an area in which little happens would else resume far behind.
            yield b": still here\n\n" if reader.waiting.qsize() else f": still here\nid: {hub.at}\n\n".encode()


async def _next(reader: Reader, within_s: float) -> bytes | None:
    try:
        return await asyncio.wait_for(reader.waiting.get(), max(within_s, 0.001))
    except TimeoutError:
        return None


async def still_stands(ask: Ask) -> bool:
    """Whether the token that opened a stream is still good."""
    try:
        await access.who(ask.token, ask.parts.clock.now())
    except Refusal:
        return False
    return True


async def _since(ask: Ask, after: int) -> Response:
    lines = await reports.happenings(after, MOST_MISSED + 1)
    if len(lines) > MOST_MISSED:
        return ask.answer({"events": [], "after": await reports.last_happening(), "reset": True})
    seen = [line.said for line in lines if access.in_scope(ask.caller, line.area_path)]
    return ask.answer({"events": seen, "after": lines[-1].seq if lines else after, "reset": False})


def _after(ask: Ask) -> int | None:
    given = ask.request.headers.get(RESUME)
    if given is not None:
        if not (given.isascii() and given.isdigit() and len(given) < MOST_DIGITS):
            raise BadInput(faults=(FieldFault("Last-Event-ID", "is no `id` of an event"),))
        return int(given)
    return ask.query_number("after", 0) if "after" in ask.request.query_params else None


ROUTES = (
    Route(
        "GET",
        "/api/live",
        live,
        READING,
        "With `Accept: text/event-stream` a stream of `happened`, resumed by `Last-Event-ID`; `reset` in it says to "
        "read everything anew, and `staff` who of those on duty changed or is `gone` (`whole`: these are all), and the "
        "`gaps` (null: as they were). Else, for those who ask again and again, what happened since `after`.",
        gives=f"application/json, {STREAM}",
        asks={"after": "The `seq` of the last line read; for a stream its beginning is now, when not given."},
        shape=Happenings,
    ),
)
