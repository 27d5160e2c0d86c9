"""What the rehearsed people share: the city's clock, its end, who is who, and the diaries they keep."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from outreach.clock import Clock
from outreach.rehearsal.loading import City, CityResident
from outreach.rehearsal.people import Rates, RehearsedResident


@dataclass(frozen=True)
class Entry:
    """A line of a diary: somebody met this resident, or pressed or wrote something, `at` this city time.

    `channel` is voice, sms, visit or call; `said` the keys, the reply or the outcome; `counts` whether it is contact.
    """

    at: datetime
    resident_id: str
    channel: str
    said: str
    counts: bool
    by: str = ""


@dataclass
class Town:
    """The people's common ground; `over` is set when the rehearsal ends, and nobody begins anything after that."""

    city: City
    clock: Clock
    seed: int
    rates: Rates
    over: asyncio.Event = field(default_factory=asyncio.Event)
    diary: list[Entry] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.residents = {person.external_id: person for person in self.city.read_residents()}
        self.who_has = self.city.who_has()
        self.by_address = {person.address: person for person in self.residents.values()}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._under_way: set[asyncio.Task[None]] = set()

    def nth(self, what: str, who: str) -> int:
        """How often this happened to them before (0: never), counting this time from now on."""
        self._counts[(what, who)] += 1
        return self._counts[(what, who)] - 1

    def as_rehearsed(self, person: CityResident) -> RehearsedResident:
        """How this resident behaves."""
        return RehearsedResident(person.external_id, self.seed, self.rates, person.language)

    async def passes(self, minutes: float) -> bool:
        """Let so many city minutes pass; False when the rehearsal ended before."""
        try:
            await asyncio.wait_for(self.over.wait(), self.clock.real_seconds(timedelta(minutes=minutes)))
        except TimeoutError:
            return True
        return False

    async def until(self, moment: datetime) -> bool:
        """Let the time until `moment` pass; False when the rehearsal ended before."""
        return await self.passes((moment - self.clock.now()).total_seconds() / 60)

    def write_down(self, resident_id: str, channel: str, said: str, *, counts: bool, by: str = "") -> None:
        """Note it in the diary, now."""
        self.diary.append(Entry(self.clock.now(), resident_id, channel, said, counts, by))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let somebody do something beside the others; a failure is kept in `faults`."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.faults.append(fault)

    async def close(self) -> None:
        """End the rehearsal and wait until everybody has put down what they were doing."""
        self.over.set()
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)
