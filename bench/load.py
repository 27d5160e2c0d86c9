"""The load: warnings posted at a rate, or as fast as they are taken, and what came of each at the stand-in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import phonenumbers

from bench.subjects import TWILIO_TOKEN, Subject
from outreach.rehearsal.provider import Provider
from outreach.rehearsal.serving import free_port, serving

CONNECTIONS = 16
DRAIN_WITHIN_S = 120


@dataclass(frozen=True)
class Figures:
    """One phase. Times in milliseconds, CPU in milliseconds a warning, memory in megabytes (10^6).

    `per_s` are taken in, `settled_per_s` with the provider and every callback answered; `unsent` never came there.
    """

    warnings: int
    refused: int
    unsent: int
    per_s: float
    settled_per_s: float
    post_p50: float
    post_p99: float
    first_p50: float
    first_p99: float
    cpu: float
    engine_cpu: float
    peak_mb: float


@dataclass
class Load:
    """Posts to one subject; `posted` holds when each number's warning left us (seconds)."""

    subject: Subject
    provider: Provider
    numbers: Iterator[str]
    client: aiohttp.ClientSession
    posted: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    refused: int = 0

    async def post(self) -> None:
        """One warning about one person who was never heard of before."""
        number = next(self.numbers)
        body = {
            "external_id": f"W{number}",
            "category": "impersonation",
            "severity": "high",
            "summary": "bench",
            "detected_at": datetime.now(UTC).isoformat(),
            "resident": {"phone": number, "language": "en"},
        }
        headers, began = {"Authorization": f"Bearer {self.subject.token}"}, time.time()
        async with self.client.post(f"{self.subject.url}/api/warnings", json=body, headers=headers) as answer:
            await answer.read()
        self.took.append(time.time() - began)
        if answer.status == 202:
            self.posted[number] = began
        else:
            self.refused += 1

    async def at_rate(self, rate: float, seconds: float) -> None:
        """So many a second, whether or not the last was answered."""
        began, under_way = time.monotonic(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(began + number / rate - time.monotonic(), 0))
            under_way.append(asyncio.create_task(self.post()))
        await asyncio.gather(*under_way)

    async def flat_out(self, seconds: float, most: int) -> None:
        """One after another on each connection, for so long or until `most` are posted."""
        until, before = time.monotonic() + seconds, len(self.took)

        async def one() -> None:
            while time.monotonic() < until and len(self.took) - before < most:
                await self.post()

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))

    async def drained(self) -> None:
        """Wait until every warning's text is with the provider and every callback is answered."""
        deadline = time.monotonic() + DRAIN_WITHIN_S
        while len({item.to for item in self.provider.items}) < len(self.posted) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        await self.provider.settle_down()


async def phase(load: Load, rate: float | None, seconds: float, most: int = 10**9) -> Figures:
    """Post for `seconds` at `rate` (None: as fast as it goes), let it drain, and say what it took."""
    load.posted, load.took, load.refused = {}, [], 0
    load.provider.items.clear()
    cpu, began = load.subject.cpu(), time.monotonic()
    await (load.flat_out(seconds, most) if rate is None else load.at_rate(rate, seconds))
    posting = time.monotonic() - began
    await load.drained()
    return _figures(load, (posting, time.monotonic() - began), cpu)


def _figures(load: Load, lasted: tuple[float, float], before: tuple[float, float]) -> Figures:
    own, engine = (1000 * (now - then) for now, then in zip(load.subject.cpu(), before, strict=True))
    first: dict[str, float] = {}
    for item in load.provider.items:
        first.setdefault(item.to, item.made_at.timestamp())
    waits = [first[number] - began for number, began in load.posted.items() if number in first]
    many = max(len(load.posted), 1)
    shares = [percentile(times, share) for times in (load.took, waits) for share in (0.5, 0.99)]
    unsent = len(load.posted) - len(waits)
    spent = [own / many, engine / many, load.subject.peak / 1e6]
    taken, settled = (len(load.posted) / seconds for seconds in lasted)
    return Figures(len(load.posted), load.refused, unsent, taken, settled, *(shares + spent))


def percentile(seconds: list[float], share: float) -> float:
    """The value in milliseconds that this share does not exceed; nan of nothing."""
    ranked = sorted(seconds)
    return 1000 * ranked[min(int(len(ranked) * share), len(ranked) - 1)] if ranked else float("nan")


def fictional_numbers() -> Iterator[str]:
    """Numbers set aside for fiction, each once: 555-0100 to 555-0199 of every North American area code in use."""
    for code in range(200, 1000):
        if phonenumbers.is_valid_number(phonenumbers.parse(f"+1{code}5550100")):
            yield from (f"+1{code}55501{last:02d}" for last in range(100))


@asynccontextmanager
async def stand_in() -> AsyncIterator[tuple[Provider, str]]:
    """The provider's stand-in without faults, in this process, and its URL."""
    provider = Provider(TWILIO_TOKEN, lambda: datetime.now(UTC))
    at, url = free_port()
    async with serving(provider.app, at, lifespan="on"):
        yield provider, url
