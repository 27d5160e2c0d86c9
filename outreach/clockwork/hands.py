"""Sends under way: each a task of its own, so that one the provider is slow to answer keeps no other waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from outreach.delivery import Room

KEPT = 4
"""One slot in so many is kept for what is urgent."""
PATIENCE_S = 4.0
"""A host that stops us kills us soon after: 5 s is a common wait, and a provider answers in well under one."""
log = structlog.get_logger()
Send = Callable[[], Awaitable[None]]


class Hands:
    """Up to `most` sends at once; `freed` is called when one is done and more had been waiting for it."""

    def __init__(self, most: int, freed: Callable[[], None]) -> None:
        self._most, self._freed = most, freed
        self._busy: set[asyncio.Task[None]] = set()
        self._awaited = False

    @property
    def room(self) -> Room | None:
        """What may be taken up now; None when every hand is full."""
        free, kept = self._most - len(self._busy), self._most // KEPT
        if free <= 0:
            self._awaited = True
            return None
        return Room(free, urgent_only=True) if free <= kept else Room(free - kept)

    def take(self, sends: Iterable[Send], room: Room) -> None:
        """Begin these, which were taken up for that room."""
        begun = [asyncio.create_task(_done(send)) for send in sends]
        self._busy.update(begun)
        self._awaited = self._awaited or room.urgent_only or len(begun) >= room.most
        for task in begun:
            task.add_done_callback(self._free)

    async def stop(self) -> None:
        """Let what is under way end, for a few seconds; what is cut off then is looked up by whoever goes on."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=PATIENCE_S)
        busy = list(self._busy)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)

    def _free(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        if self._awaited:
            self._awaited = False
            self._freed()


async def _done(send: Send) -> None:
    try:
        await send()
    except Exception:
        # The row stays as it is, is taken for lost in a minute, and is looked up.
        log.exception("send failed")
