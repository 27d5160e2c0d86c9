"""What happens, to everybody who watches: asked of the database once per process, and handed on to each reader.

It is asked and not listened for: see docs/adr/0009-live-by-asking.md.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from structlog.contextvars import clear_contextvars
from tortoise.expressions import Q

from outreach import reports
from outreach.access import Caller, in_scope
from outreach.clock import Clock
from outreach.models import Offer
from outreach.models.states import OfferStatus
from outreach.reports import Happening
from outreach.web.standing import Change, Standing, change_to, read_standing

ASK_EVERY_S = 0.25
STAND_EVERY_S = 5.0
"""Seconds between two looks at who stands where: a phone tells its place every 30 s."""
PAGE = 500
MOST_MISSED = 1000
"""Lines that a reader who was away is still given; past that it reads everything anew."""
MOST_WAITING = 500
"""Lines that wait for a slow reader; past that it is told to read everything anew, and let go."""
SLACK = timedelta(seconds=2)
"""How much earlier an offer may have been settled than the line was written that tells of it."""
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
        return not in_scope(self.caller, line.area_path) or self._put(packed, line.seq)

    def stand(self, change: Change, seq: int) -> bool:
        """The same with what changed among those who stand in their area; it has no place in the order of lines."""
        said = change.within(self.caller)
        return said is None or self._put(b"event: staff\ndata: " + said + b"\n\n", seq)

    def _put(self, packed: bytes, seq: int) -> bool:
        if self.waiting.qsize() < self.most:
            self.waiting.put_nowait(packed)
            return True
        self.waiting = asyncio.Queue()
        self.end(frame("reset", seq, {}))
        return False

    def end(self, last: bytes = END) -> None:
        """Let nothing more come after `last`."""
        for each in (last, END):
            self.waiting.put_nowait(each)


class Live:
    """The readers of one process; asks what happened as long as there are any."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.at, self.most, self.closed = 0, MOST_WAITING, False
        self.stand_every_s, self.standing, self._stood_at = STAND_EVERY_S, Standing(), 0.0
        self.readers: set[Reader] = set()
        self.phones: dict[UUID, set[asyncio.Event]] = {}
        self._turning: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def join(self, caller: Caller) -> Reader:
        """A new reader, to whom comes what happens from now on."""
        async with self._one_at_a_time:
            await self._begin()
            # Not before the last line that a reader may have had of another process, which asked before us.
            await self._ask()
            if not self.readers:
                await self._stand()
            reader = Reader(caller, self.at, self.most)
            reader.stand(await change_to(self.standing), self.at)
            self.readers.add(reader)
            self._keep_turning()
        if self.closed:
            reader.end()
        return reader

    async def join_phone(self, responder_id: UUID) -> asyncio.Event:
        """What is set each time that something happens in a case that was offered to this responder, or is theirs."""
        async with self._one_at_a_time:
            await self._begin()
            changed = asyncio.Event()
            self.phones.setdefault(responder_id, set()).add(changed)
            self._keep_turning()
        return changed

    def leave_phone(self, responder_id: UUID, changed: asyncio.Event) -> None:
        """Set it no more."""
        mine = self.phones.get(responder_id, set())
        mine.discard(changed)
        if not mine:
            self.phones.pop(responder_id, None)

    async def _begin(self) -> None:
        if not (self.readers or self.phones):
            self.at = await reports.last_happening()

    def _keep_turning(self) -> None:
        if self._turning is None or self._turning.done():
            self._turning = asyncio.create_task(self._turn(), name="live")

    def leave(self, reader: Reader) -> None:
        """Hand this reader nothing more."""
        self.readers.discard(reader)

    def close(self) -> None:
        """End all streams: the process stops, and browsers go on with another."""
        self.closed = True
        for reader in self.readers:
            reader.end()
        self.readers.clear()
        for changed in (each for mine in self.phones.values() for each in mine):
            changed.set()

    async def _turn(self) -> None:
        clear_contextvars()
        while self.readers or self.phones:
            await asyncio.sleep(ASK_EVERY_S)
            if not (self.readers or self.phones):
                return
            try:
                async with self._one_at_a_time:
                    await self._ask()
                    if self.readers and time.monotonic() >= self._stood_at + self.stand_every_s:
                        await self._stand()
            except Exception as failure:
                # What happened is still there when the database answers again.
                log.warning("live_not_asked", error=type(failure).__name__)

    async def _ask(self) -> None:
        """Hand on what happened since, page by page."""
        while lines := await reports.happenings(self.at, PAGE):
            for line in lines:
                packed = frame("happened", line.seq, line.said)
                self.readers = {reader for reader in self.readers if reader.hand(line, packed)}
            if self.phones:
                await self._ping(lines)
            self.at = lines[-1].seq
            if len(lines) < PAGE:
                return

    async def _stand(self) -> None:
        """Hand on what changed among those who are on duty, and in the gaps."""
        self._stood_at = time.monotonic()
        before, self.standing = self.standing, await read_standing(self.clock.now())
        change = await change_to(self.standing, before)
        self.readers = {reader for reader in self.readers if reader.stand(change, self.at)}

    async def _ping(self, lines: list[Happening]) -> None:
        """Set what is waited for by the phones that these lines concern."""
        since = min(datetime.fromisoformat(line.said["at"]) for line in lines) - SLACK
        asked = Offer.filter(outreach_id__in={line.said["outreach_id"] for line in lines})
        theirs = asked.filter(responder_id__in=list(self.phones))
        going_on = Q(status__in=[OfferStatus.OFFERED, OfferStatus.ACCEPTED]) | Q(settled_at__gte=since)
        for responder_id in set(await theirs.filter(going_on).values_list("responder_id", flat=True)):
            for changed in self.phones.get(UUID(str(responder_id)), ()):
                changed.set()


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
