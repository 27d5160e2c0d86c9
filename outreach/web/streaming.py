"""What happens, to everybody who watches: asked of the database once per process, and handed on to each reader.

It is asked and not listened for: see docs/adr/0009-live-by-asking.md.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog
from structlog.contextvars import clear_contextvars

from outreach import reports
from outreach.access import Caller, in_scope
from outreach.reports import Happening

ASK_EVERY_S = 0.25
PAGE = 500
MOST_MISSED = 1000
"""Lines that a reader who was away is still given; past that it reads everything anew."""
MOST_WAITING = 500
"""Lines that wait for a slow reader; past that it is told to read everything anew, and let go."""
END = b""
log = structlog.get_logger()


def frame(kind: str, seq: int, data: object) -> bytes:
    """One event as a browser's EventSource reads it."""
    return f"id: {seq}\nevent: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


@dataclass(eq=False)
class Reader:
    """One who watches; `since` is the line from which on everything comes through `waiting`."""

    caller: Caller
    since: int
    most: int
    waiting: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    def hand(self, line: Happening, packed: bytes) -> bool:
        """Let it wait for this reader where it is of their area; False when that is too much for them."""
        if not in_scope(self.caller, line.area_path):
            return True
        if self.waiting.qsize() < self.most:
            self.waiting.put_nowait(packed)
            return True
        self.waiting = asyncio.Queue()
        self.end(frame("reset", line.seq, {}))
        return False

    def end(self, last: bytes = END) -> None:
        """Let nothing more come after `last`."""
        for each in (last, END):
            self.waiting.put_nowait(each)


class Live:
    """The readers of one process; asks what happened as long as there are any."""

    def __init__(self) -> None:
        self.at, self.most, self.closed = 0, MOST_WAITING, False
        self.readers: set[Reader] = set()
        self._turning: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def join(self, caller: Caller) -> Reader:
        """A new reader, to whom comes what happens from now on."""
        async with self._one_at_a_time:
            if not self.readers:
                self.at = await reports.last_happening()
            # Not before the last line that a reader may have had of another process, which asked before us.
            await self._ask()
            reader = Reader(caller, self.at, self.most)
            self.readers.add(reader)
            if self._turning is None or self._turning.done():
                self._turning = asyncio.create_task(self._turn(), name="live")
        if self.closed:
            reader.end()
        return reader

    def leave(self, reader: Reader) -> None:
        """Hand this reader nothing more."""
        self.readers.discard(reader)

    def close(self) -> None:
        """End all streams: the process stops, and browsers go on with another."""
        self.closed = True
        for reader in self.readers:
            reader.end()
        self.readers.clear()

    async def _turn(self) -> None:
        clear_contextvars()
        while self.readers:
            await asyncio.sleep(ASK_EVERY_S)
            try:
                async with self._one_at_a_time:
                    await self._ask()
            except Exception as failure:
                # What happened is still there when the database answers again.
                log.warning("live_not_asked", error=type(failure).__name__)

    async def _ask(self) -> None:
        """Hand on what happened since, page by page."""
        while lines := await reports.happenings(self.at, PAGE):
            for line in lines:
                packed = frame("happened", line.seq, line.said)
                self.readers = {reader for reader in self.readers if reader.hand(line, packed)}
            self.at = lines[-1].seq
            if len(lines) < PAGE:
                return


async def missed(reader: Reader, after: int) -> AsyncIterator[bytes]:
    """What happened since the line `after` and until this reader joined; one `reset` where that is too much."""
    lines = await reports.happenings(after, MOST_MISSED + 1) if after != reader.since else []
    seqs = [line.seq for line in lines]
    if reader.since in seqs:
        lines = lines[: seqs.index(reader.since) + 1]
    elif lines:
        yield frame("reset", reader.since, {})
        return
    for line in lines:
        if in_scope(reader.caller, line.area_path):
            yield frame("happened", line.seq, line.said)
