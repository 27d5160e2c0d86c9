"""The yardstick: the least a warning could cost. Raw driver, the same tables, one bare POST to the provider.

It verifies nothing, seals nothing, knows no policy and loses what is in flight when it stops.
`bench.reach` runs it as a process of its own, with DATABASE_URL, PORT, PROVIDER_URL and SELF_URL in its environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import uuid
from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import parse_qs

import aiohttp
import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TABLES = ("warning", "resident", "phone", "outreach", "target", "attempt", "notice", "event")
CREATE = "CREATE TABLE {} (id TEXT PRIMARY KEY, of TEXT, what TEXT, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
INDEX = "CREATE INDEX {0}_of ON {0} (of)"
Statement = tuple[str, tuple[str, ...]]


class Store(Protocol):
    """Writes statements (`?` for values) in one transaction."""

    async def write(self, statements: list[Statement]) -> None:
        """All of them, on disk when it returns."""
        ...

    async def close(self) -> None:
        """Close it."""
        ...


class SQLite:
    """The standard library's driver, on the loop's own thread; as durable as the product's."""

    def __init__(self, file: str) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")

    async def write(self, statements: list[Statement]) -> None:
        """All of them, on disk when it returns."""
        self.connection.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            self.connection.execute(sql, values)
        self.connection.execute("COMMIT")

    async def close(self) -> None:
        """Close it."""
        self.connection.close()


class PostgreSQL:
    """asyncpg with a pool of ten."""

    def __init__(self, pool: Any) -> None:
        self.pool = pool

    async def write(self, statements: list[Statement]) -> None:
        """All of them, on disk when it returns."""
        async with self.pool.acquire() as connection, connection.transaction():
            for sql, values in statements:
                for number in range(1, len(values) + 1):
                    sql = sql.replace("?", f"${number}", 1)
                await connection.execute(sql, *values)

    async def close(self) -> None:
        """Close it."""
        await self.pool.close()


async def opened(url: str) -> Store:
    """A store with empty tables at `sqlite:///FILE` or `postgres://…`."""
    if url.startswith("sqlite"):
        store: Store = SQLite(url.removeprefix("sqlite:///"))
    else:
        store = PostgreSQL(await asyncpg.create_pool(url, min_size=10, max_size=10))
    await store.write([(sql.format(table), ()) for table in TABLES for sql in (CREATE, INDEX)])
    return store


def row(table: str, of: str, what: str, key: str = "") -> Statement:
    """One row to insert."""
    return f"INSERT INTO {table} (id, of, what) VALUES (?, ?, ?)", (key or uuid.uuid4().hex, of, what)


def moved(attempt: str, state: str) -> list[Statement]:
    """An attempt's new state, and the line of the timeline about it."""
    return [("UPDATE attempt SET what = ? WHERE id = ?", (state, attempt)), row("event", attempt, state)]


class Yardstick:
    """Takes a warning, answers when it is stored, posts one text, stores what the provider calls back."""

    def __init__(self, store: Store, provider: aiohttp.ClientSession, self_url: str) -> None:
        self.store, self.provider, self.self_url = store, provider, self_url
        self.sending: set[asyncio.Task[None]] = set()

    async def warning(self, request: Request) -> Response:
        """`POST /api/warnings`."""
        body, key = await request.json(), uuid.uuid4().hex
        phone = body["resident"]["phone"]
        rows = [row(table, key, body["external_id"]) for table in ("warning", "resident", "outreach", "target")]
        rows += [row("phone", key, phone), row("attempt", key, "queued", key), row("notice", key, "locate")]
        told = ("joined", "place_missing", "step")
        await self.store.write([*rows, *(row("event", key, kind) for kind in told)])
        task = asyncio.create_task(self.send(key, phone))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)
        return JSONResponse({"id": key}, 202)

    async def send(self, key: str, phone: str) -> None:
        """One bare POST."""
        form = {"To": phone, "From": "+12025550100", "Body": "words", "StatusCallback": f"{self.self_url}/back/{key}"}
        async with self.provider.post("/2010-04-01/Accounts/AC0/Messages.json", data=form) as answer:
            await answer.json()
        await self.store.write(moved(key, "sent"))

    async def back(self, request: Request) -> Response:
        """`POST /back/ID`: what became of a text."""
        form = parse_qs((await request.body()).decode())
        await self.store.write(moved(request.path_params["id"], form["MessageStatus"][0]))
        return Response(status_code=204)

    @property
    def routes(self) -> list[Route]:
        """Its two addresses."""
        posts = {"methods": ["POST"]}
        return [Route("/api/warnings", self.warning, **posts), Route("/back/{id}", self.back, **posts)]  # type: ignore[arg-type]


def main() -> None:
    """Serve until told to stop."""

    @contextlib.asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        store = await opened(os.environ["DATABASE_URL"])
        # Idle connections are dropped before the stand-in, which waits 5 s, would close them on us.
        pool = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
        async with aiohttp.ClientSession(os.environ["PROVIDER_URL"], connector=pool) as provider:
            application.router.routes += Yardstick(store, provider, os.environ["SELF_URL"]).routes
            yield
        await store.close()

    uvicorn.run(Starlette(lifespan=lifespan), port=int(os.environ["PORT"]), access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
