"""`python -m bench.faults`: many people, 5 % of each fault, a server killed now and then: is each text there once?"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bench.load import fictional_numbers
from bench.reach import pool, say
from bench.subjects import TWILIO_TOKEN, answers, database, outreach, product
from outreach.models import Attempt, Outreach, Target
from outreach.models.connecting import connect
from outreach.models.sealing import load_keyring
from outreach.models.states import OutreachStatus, SendStatus
from outreach.rehearsal.provider import FATES, Item, Provider
from outreach.rehearsal.serving import free_port, serving
from outreach.reports import time_to_reach
from tests.harness.databases import free_port as free_number

SHARE = 0.05
FAULTS = ("30003", "30008", "429", "500", "lost", "duplicate", "early", "reordered", "silent", "hang")
REPLIES = 0.2
CONNECTIONS = 16
PATIENCE_S = 900
KILL_EVERY_S = 4.0
POLICY = """name: bench
family: {family}
severity: high
accepts: [key, speech, sms_reply, person_by_phone, in_person]
gives_up_after: 72h
steps:
  - {{do: sms, after: 0s, text: warned, stops_on: [key, speech, sms_reply, stop, person_by_phone, in_person]}}
  - {{do: voice, after: 20s, text: warned, stops_on: [key, speech, sms_reply, stop, person_by_phone, in_person]}}
  - {{do: coordinator, after: 24h, every: 12h, stops_on: [key, speech, sms_reply, person_by_phone, in_person]}}
"""
UNSETTLED = (SendStatus.QUEUED, SendStatus.SENDING, SendStatus.UNKNOWN)


class Trouble:
    """5 % of each fault for any send, 5 % of each fate for a call; a fifth of the texts is answered."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.faults = FAULTS

    def popleft(self) -> str:
        """The fault of the next send; mostly none."""
        at = int(self.dice.random() / SHARE)
        return self.faults[at] if at < len(self.faults) else ""

    async def people(self, item: Item) -> str | None:
        """What whoever is written to or rung does."""
        if item.kind == "sms":
            return "1" if self.dice.random() < REPLIES else None
        at = int(self.dice.random() / SHARE)
        return FATES[at] if at < len(FATES) else ""


@dataclass
class Server:
    """A product that is killed and started again on the same port and database."""

    env: dict[str, str]
    url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([outreach(), "serve"], env=self.env, stdout=log, stderr=log)
        await answers(self.url, self.process, self.log)

    async def die(self, times: int, every_s: float) -> None:
        """Kill it (SIGKILL) so many times, each after `every_s` seconds, and start it again."""
        for _ in range(times):
            await asyncio.sleep(every_s)
            assert self.process is not None
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.deaths += 1
            await self.start()

    def stop(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


@dataclass
class Load:
    """Warnings, each about somebody else, posted again until they are answered: a source that does its part."""

    server: Server
    token: str
    client: aiohttp.ClientSession

    async def post(self, number: str) -> None:
        """One warning."""
        resident = {"phone": number, "language": "en"}
        told = {"external_id": f"W{number}", "category": "impersonation", "severity": "high", "summary": "bench"}
        body = {**told, "detected_at": datetime.now(UTC).isoformat(), "resident": resident}
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                headers = {"Authorization": f"Bearer {self.token}"}
                async with self.client.post(f"{self.server.url}/api/warnings", json=body, headers=headers) as answer:
                    if answer.status in (200, 202):
                        return
                    raise RuntimeError(await answer.text())
            await asyncio.sleep(0.2)

    async def all(self, numbers: list[str]) -> None:
        """All of them, on 16 connections."""
        left = iter(numbers)

        async def one() -> None:
            for number in left:
                await self.post(number)

        await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def settled() -> bool:
    """Whether nothing is under way any more, and everybody was written to and rung, or had answered before."""
    if await Attempt.filter(status__in=UNSETTLED).exists():
        return False
    return not await Outreach.filter(step__lt=1).exclude(status=OutreachStatus.ENDED).exists()


async def verdict(provider: Provider, people: int) -> dict[str, Any]:
    """What must hold: `twice` and `missing` are 0, and the figures add up."""
    heard = Counter((item.to, item.kind) for item in provider.items)
    # One that the provider refused for good was never there, and says so.
    refused = await Attempt.filter(status=SendStatus.FAILED, sid__isnull=True).count()
    wanted = await Attempt.exclude(status=SendStatus.CANCELLED).count() - refused
    states = Counter(await Attempt.all().values_list("status", flat=True))
    targets = await Target.all()
    return {
        "people": people,
        "targets": len(targets),
        "sends accepted": sum(heard.values()),
        "requests": provider.requests,
        "refused for good": refused,
        "twice": sum(1 for times in heard.values() if times > 1),
        "missing": wanted - sum(heard.values()),
        "reached": sum(target.reached_at is not None for target in targets),
        "ended": await Outreach.filter(status=OutreachStatus.ENDED).count(),
        "report": await _report(),
        "attempts": {getattr(state, "value", state): count for state, count in sorted(states.items())},
    }


async def _report() -> dict[str, int]:
    """What the product's own report counts."""
    now = datetime.now(UTC)
    counts = (await time_to_reach(now - timedelta(days=1), now, now)).total.counts
    ends = {"unreached": counts.ended_unreached, "otherwise": counts.ended_otherwise, "open": counts.still_open}
    return {"warned": counts.warned, "reached": counts.reached, **ends}


@contextlib.asynccontextmanager
async def stage(url: str, folder: Path, seed: int) -> AsyncIterator[tuple[Provider, Server, str]]:
    """The stand-in with its trouble, and the product beside it."""
    trouble, port = Trouble(seed), free_number()
    ours = f"http://127.0.0.1:{port}"
    provider = Provider(
        TWILIO_TOKEN, lambda: datetime.now(UTC), people=trouble.people, inbound_url=f"{ours}/twilio/sms"
    )
    provider.faults = trouble  # type: ignore[assignment]
    at, theirs = free_port()
    async with serving(provider.app, at, lifespan="on"):
        env = os.environ | {"DATABASE_URL": url, "PORT": str(port), "OUTREACH_PROVIDER_TIMEOUT_S": "2"}
        env, token = product(env, ours, theirs, folder, POLICY)
        server = Server(env | {"OUTREACH_LOG_LEVEL": "warning"}, ours, folder / "product.log")
        await server.start()
        try:
            yield provider, server, token
        finally:
            provider.released.set()
            server.stop()


async def run(url: str, folder: Path, people: int, kills: int, seed: int) -> dict[str, Any]:
    """Warn of everybody, wait until all is settled, and judge."""
    async with stage(url, folder, seed) as (provider, server, token), aiohttp.ClientSession(connector=pool()) as client:
        numbers = [number for number, _ in zip(fictional_numbers(), range(people), strict=False)]
        dying = asyncio.create_task(server.die(kills, KILL_EVERY_S))
        began = time.monotonic()
        await Load(server, token, client).all(numbers)
        say(f"  {people} warnings in {time.monotonic() - began:.0f} s")
        await dying
        context = await connect(url, load_keyring(folder / "keys.json", None))
        with context:
            while not await settled() and time.monotonic() - began < PATIENCE_S:
                await asyncio.sleep(1)
            provider.released.set()
            await provider.settle_down()
            await asyncio.sleep(2)
            found = await verdict(provider, people)
            await context.close_connections()
        return found | {"seconds": round(time.monotonic() - began), "deaths": server.deaths}


def main() -> None:
    """Run and print; exit 1 where somebody was told twice or not at all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=5000, help="each is sent a text and, unless they answer, a call")
    asked.add_argument("--kills", type=int, default=5, help="how often the server is killed on the way")
    asked.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as made, database(given.engine, Path(made)) as (url, _):
        found = asyncio.run(run(url, Path(made), given.people, given.kills, given.seed))
    for name, value in found.items():
        print(f"{name:16} {value}")
    sys.exit(0 if _holds(found, given.people) else 1)


def _holds(found: dict[str, Any], people: int) -> bool:
    """Whether each text and call is there once, and the report counts everybody, each in one place."""
    report = dict(found["report"])
    told = report.pop("warned") == people == sum(report.values()) and report["reached"] == found["reached"]
    return told and found["twice"] == found["missing"] == 0 and found["targets"] == people


if __name__ == "__main__":
    main()
