"""What is measured, as real processes: the product or the yardstick, on a database of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from tests.harness.databases import PostgresServer, free_port

TWILIO_TOKEN = "bench"
POLICY = """name: bench
family: {family}
severity: high
accepts: [key, speech, sms_reply, person_by_phone, in_person]
gives_up_after: 72h
steps:
  - {{do: sms, after: 0s, text: warned, stops_on: [key, speech, sms_reply, stop, person_by_phone, in_person]}}
  - {{do: coordinator, after: 24h, every: 12h, stops_on: [key, speech, sms_reply, person_by_phone, in_person]}}
"""
UP_WITHIN_S = 30


@dataclass
class Subject:
    """A running server; `engine` is the database's process where it has one. Memory in bytes, CPU in seconds."""

    url: str
    token: str
    process: psutil.Process
    engine: psutil.Process | None
    peak: int = 0
    _watching: list[asyncio.Task[None]] = field(default_factory=list)

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far of the server, and of the database's processes."""
        return _cpu_of(self.process), _cpu_of(self.engine) if self.engine else 0.0

    def memory(self) -> int:
        """Resident bytes of the server now."""
        return int(self.process.memory_info().rss)

    async def watch(self) -> None:
        """Keep the highest memory seen, looking each quarter of a second."""
        while True:
            self.peak = max(self.peak, self.memory())
            await asyncio.sleep(0.25)


def _cpu_of(root: psutil.Process) -> float:
    own = root.cpu_times()
    # Connections that were closed are counted with the process that they were children of.
    spent = own.user + own.system + own.children_user + own.children_system
    for child in root.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            spent += times.user + times.system
    return float(spent)


@contextlib.contextmanager
def database(engine: str, folder: Path) -> Iterator[tuple[str, psutil.Process | None]]:
    """The URL of an empty database of this `engine` (sqlite, postgres), and the engine's process."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}", None
        return
    server = PostgresServer()
    try:
        server.begin()
        assert server.process is not None
        asyncio.run(server.execute("CREATE DATABASE bench"))
        yield server.url("bench"), psutil.Process(server.process.pid)
    finally:
        server.stop()


@contextlib.asynccontextmanager
async def running(
    kind: str, database_url: str, engine: psutil.Process | None, provider_url: str, folder: Path
) -> AsyncIterator[Subject]:
    """The product or the yardstick (`kind`), up and answering."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = os.environ | {"DATABASE_URL": database_url, "PORT": str(port)}
    if kind == "product":
        env, token = product(env, url, provider_url, folder)
        command = [outreach(), "serve"]
    else:
        env, token = env | {"PROVIDER_URL": provider_url, "SELF_URL": url}, ""
        command = [sys.executable, "-m", "bench.yardstick"]
    with (folder / f"{kind}.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        await answers(url, process, folder / f"{kind}.log")
        subject = Subject(url, token, psutil.Process(process.pid), engine)
        watching = asyncio.create_task(subject.watch())
        yield subject
        watching.cancel()
    finally:
        process.terminate()
        process.wait(20)


def product(
    env: dict[str, str], url: str, provider_url: str, folder: Path, policy: str = POLICY
) -> tuple[dict[str, str], str]:
    """The environment of a product at `url` whose provider is the stand-in, and the token of its one source."""
    policies = folder / "policies"
    policies.mkdir(exist_ok=True)
    for family in ("fraud", "welfare"):
        (policies / f"{family}.yaml").write_text(policy.format(family=family).replace("bench", f"bench_{family}"))
    env |= {
        "OUTREACH_KEYS_FILE": str(folder / "keys.json"),
        "OUTREACH_POLICIES_DIR": str(policies),
        "OUTREACH_PUBLIC_URL": url,
        "OUTREACH_COUNTRY": "US",
        "OUTREACH_LANGUAGE": "en",
        "OUTREACH_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "OUTREACH_TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "OUTREACH_TWILIO_FROM": "+12025550100",
        "OUTREACH_TWILIO_API_URL": provider_url,
        # The provider's own limits would be all that is measured.
        "OUTREACH_TEXTS_PER_S": "0",
        "OUTREACH_CALLS_PER_S": "0",
    }
    asked = [outreach(), "source", "add", "bench", "Bench"]
    made = subprocess.run(asked, env=env, check=True, capture_output=True, text=True)
    return env, made.stdout.split()[-1]


def outreach() -> str:
    """The command, beside the Python that runs this."""
    return str(Path(sys.executable).with_name("outreach"))


async def answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something answers at `url`; raises RuntimeError with the end of the log where nothing does."""
    deadline = time.monotonic() + UP_WITHIN_S
    async with aiohttp.ClientSession() as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                async with client.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise RuntimeError(f"It did not come up: {log.read_text()[-800:]}")
