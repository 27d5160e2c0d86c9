"""Choosing the one process that does what only one should: the same face on both engines."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any, Protocol, TextIO

import asyncpg

from outreach.models.connecting import database_config, is_sqlite

LEADER_LOCK = 0x63726F6E
"""The advisory lock's number: the letters of *cron*, so that it is recognised in pg_locks."""
PATIENCE_S = 5.0
# A machine that vanished closes nothing: without these the server would keep its lock for hours.
VANISHED = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"


class Candidate(Protocol):
    """One process that would lead: of all that stand on one database, one leads; its death frees the place at once."""

    @property
    def leading(self) -> bool:
        """Whether this candidate leads, as far as it has heard."""
        ...

    async def stand(self) -> bool:
        """Take the lead if nobody has it, or make sure that it is still ours; answers whether this candidate leads.

        Raises what the system or the driver raised when the database could not be asked; the lead is then lost.
        """
        ...

    async def resign(self) -> None:
        """Give up the lead and hold nothing any more; standing again is possible."""
        ...


def candidate_for(database_url: str) -> Candidate:
    """A candidate among those of this database; nothing is opened before it stands."""
    credentials = database_config(database_url)["connections"]["default"]["credentials"]
    return _AtTheFile(credentials["file_path"]) if is_sqlite(database_url) else _AtTheServer(credentials)


class _AtTheFile:
    """Leads by a lock on a file beside the database; the system takes it from a process that dies."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}.leader-lock")
        self._lock: TextIO | None = None

    @property
    def leading(self) -> bool:
        return self._lock is not None

    async def stand(self) -> bool:
        if self._lock is None:
            self._lock = _locked(self._path)
        return self.leading

    async def resign(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()


def _locked(path: Path) -> TextIO | None:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    except OSError:
        lock.close()
        raise
    return lock


class _AtTheServer:
    """Leads by an advisory lock on a connection of its own; the server takes it when the connection is lost."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        self._address = {k: credentials[k] for k in ("host", "port", "user", "password", "database")}
        self._connection: Any = None
        self._won = False

    @property
    def leading(self) -> bool:
        return self._won and self._connection is not None and not self._connection.is_closed()

    async def stand(self) -> bool:
        try:
            self._won = await self._try()
        except Exception:
            self._drop()
            raise
        return self.leading

    async def _try(self) -> bool:
        if self._connection is None or self._connection.is_closed():
            self._drop()
            self._connection = await asyncpg.connect(**self._address, timeout=PATIENCE_S, command_timeout=PATIENCE_S)
            await self._connection.execute(VANISHED)
        # Whoever has the lock is given it again: that the server answers is how the leader knows that it still leads.
        return bool(await self._connection.fetchval("SELECT pg_try_advisory_lock($1::bigint)", LEADER_LOCK))

    async def resign(self) -> None:
        if self._connection is None:
            return
        try:
            await self._connection.execute("SELECT pg_advisory_unlock_all()")
            await self._connection.close(timeout=PATIENCE_S)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # The connection is gone, and with it the lock that was to be given up.
            pass
        finally:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection, self._won = self._connection, None, False
        if connection is not None and not connection.is_closed():
            connection.terminate()
