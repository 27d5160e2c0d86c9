"""One loop per kind of due row: do what is due, then sleep until the next is, or until woken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import httpx2
import structlog

from outreach import attempts, notices
from outreach.clock import Clock
from outreach.clockwork.hands import Hands, Send
from outreach.delivery import Room
from outreach.ladder import BATCH, climb_due
from outreach.messaging import Messenger
from outreach.settings import Settings

LONGEST_SLEEP = timedelta(seconds=1)
LAST_TURN_S = 1.0
log = structlog.get_logger()
Tick = Callable[[datetime], Awaitable[bool]]
"""Does what is due at a moment; True when there may be more at once."""


class Clockwork:
    """The loops of one process; any number of processes may run them at once."""

    def __init__(self, settings: Settings, clock: Clock, messenger: Messenger) -> None:
        self.settings, self.clock, self.messenger = settings, clock, messenger
        self.webhooks = httpx2.AsyncClient(timeout=settings.provider_timeout_s)
        hands = partial(Hands, settings.send_slots)
        self.senders, self.tellers = hands(lambda: self._ring(self._send)), hands(lambda: self._ring(self._tell))
        self.posters = hands(lambda: self._ring(self._post))
        self.bells: dict[Tick, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.stopping = False

    def wake(self) -> None:
        """Something changed: the ladder looks at once instead of at the next due time, and then whoever sends."""
        self._ring(self._climb)

    def start(self) -> None:
        """Start the loops on the running event loop."""
        ticks = (self._climb, self._send, self._tell, self._post, self._settle_stale)
        self.bells = {tick: asyncio.Event() for tick in ticks}
        self.tasks = [
            asyncio.create_task(self._turn(tick, bell), name=tick.__name__) for tick, bell in self.bells.items()
        ]

    async def stop(self) -> None:
        """Stop the loops; what they were doing is in rows and goes on elsewhere."""
        self.stopping = True
        self._ring(*self.bells)
        if self.tasks:
            # A turn that is cut off between claiming and sending would leave its rows waiting for a minute.
            await asyncio.wait(self.tasks, timeout=LAST_TURN_S)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(self.senders.stop(), self.tellers.stop(), self.posters.stop())
        await self.webhooks.aclose()

    def _ring(self, *ticks: Tick) -> None:
        for tick in ticks:
            if tick in self.bells:
                self.bells[tick].set()

    async def _turn(self, tick: Tick, bell: asyncio.Event) -> None:
        while not self.stopping:
            woken = bell.is_set()
            bell.clear()
            try:
                more = await tick(self.clock.now())
            except Exception:
                # The rows are still due: the next turn takes them up again.
                log.exception("tick failed", tick=tick.__name__)
                more = False
            if woken and tick == self._climb:
                # The change itself may have queued something.
                self._ring(self._send, self._tell)
            if not more:
                await self._sleep(bell)

    async def _sleep(self, bell: asyncio.Event) -> None:
        seconds = max(self.clock.real_seconds(LONGEST_SLEEP), 0.02)
        try:
            await asyncio.wait_for(bell.wait(), seconds)
        except TimeoutError:
            return

    async def _climb(self, now: datetime) -> bool:
        climbed = await climb_due(self.settings, now)
        if climbed:
            self._ring(self._send, self._tell)
        return climbed >= BATCH

    async def _send(self, now: datetime) -> bool:
        return await _fill(self.senders, partial(attempts.take_up, self.messenger, self.settings, now))

    async def _tell(self, now: datetime) -> bool:
        return await _fill(self.tellers, partial(notices.take_up, self.messenger, self.settings, now))

    async def _post(self, now: datetime) -> bool:
        return await _fill(self.posters, partial(notices.take_up_webhooks, self.webhooks, self.settings, now))

    async def _settle_stale(self, now: datetime) -> bool:
        resolved = await attempts.resolve_stale(self.messenger, self.settings, now)
        return bool(resolved + await notices.resolve_stale(self.messenger, self.settings, now))


async def _fill(hands: Hands, take_up: Callable[[Room], Awaitable[list[Send]]]) -> bool:
    """Begin as many sends as there are hands for, and wait for none of them; never asks to be called again at once."""
    room = hands.room
    if room is not None:
        hands.take(await take_up(room), room)
    return False
