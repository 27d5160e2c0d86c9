"""Opening the database: one URL, two engines, the same promises on both."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.backends.sqlite.client import SqliteTransactionWrapper
from tortoise.context import TortoiseContext

from outreach.errors import MisSet
from outreach.models.sealing import Keyring, use_keys

MODELS = [
    "outreach.models.places",
    "outreach.models.organisations",
    "outreach.models.people",
    "outreach.models.doubles",
    "outreach.models.cases",
    "outreach.models.contacts",
    "outreach.models.handing_over",
    "outreach.models.inbox",
    "outreach.models.visiting",
    "outreach.models.pacing",
    "outreach.models.signing_in",
    "outreach.models.pushing",
    "outreach.models.rollups",
    "outreach.models.looking",
    "outreach.models.ringing",
    "outreach.models.searching",
]
WHAT_A_URL_IS = "DATABASE_URL is `sqlite:///FILE` or `postgres://user:password@host:5432/name`."
SQLITE_PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON", "busy_timeout": 15000}


async def _begin_immediate(self: SqliteTransactionWrapper) -> None:
    """Take the write lock at once: a deferred BEGIN that writes later fails with SQLITE_BUSY instead of waiting."""
    await self._connection.execute("BEGIN IMMEDIATE")


SqliteTransactionWrapper.begin = _begin_immediate  # type: ignore[method-assign]


def is_sqlite(database_url: str) -> bool:
    """Whether the URL names the embedded engine."""
    return database_url.startswith("sqlite")


def database_config(database_url: str, *, pool: int = 12) -> dict[str, Any]:
    """Tortoise's configuration for `database_url`; raises MisSet for a URL of another engine."""
    if is_sqlite(database_url):
        if "://" not in database_url:
            raise MisSet(WHAT_A_URL_IS)
        path = (
            database_url.split("://", 1)[1].removeprefix("/")
            if ":///" in database_url
            else database_url.split("://", 1)[1]
        )
        if database_url.startswith("sqlite:////"):
            path = "/" + path.lstrip("/")
        connection: dict[str, Any] = {
            "engine": "tortoise.backends.sqlite",
            "credentials": {"file_path": path, **SQLITE_PRAGMAS},
        }
    else:
        connection = {"engine": "tortoise.backends.asyncpg", "credentials": _postgres(database_url, pool)}
    app = {"models": MODELS, "default_connection": "default", "migrations": "outreach.models.migrations"}
    return {"connections": {"default": connection}, "apps": {"models": app}, "use_tz": True, "timezone": "UTC"}


def _postgres(database_url: str, pool: int) -> dict[str, Any]:
    try:
        url = urlsplit(database_url)
        port = url.port or 5432
    except ValueError:
        raise MisSet(WHAT_A_URL_IS) from None
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise MisSet(WHAT_A_URL_IS)
    return {
        "host": url.hostname or "localhost",
        "port": port,
        "user": url.username or "postgres",
        "password": url.password or "",
        "database": url.path.strip("/"),
        "minsize": 1,
        "maxsize": pool,
    }


async def connect(database_url: str, keys: Keyring) -> TortoiseContext:
    """Open the database and load the sealing keys; the context answers `await context.close_connections()`."""
    use_keys(keys)
    # Tortoise keeps prepared INSERTs by connection name alone: one engine's would be sent to the other.
    EXECUTOR_CACHE.clear()
    return await Tortoise.init(config=database_config(database_url), _enable_global_fallback=False)


FOR_NEW_MIGRATIONS = database_config("sqlite:///outreach.sqlite3")
"""What `tortoise makemigrations` reads of us; it compares models with migrations and opens no database."""
