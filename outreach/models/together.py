"""Group commit: pieces of work that each want a transaction share one, as many as are waiting for the one before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from outreach.models.statements import fetch

T = TypeVar("T")
Work = Callable[[], Awaitable[T]]
MOST = 50


async def together(work: Work[T]) -> T:
    """Do `work` in a transaction, which others may share; what it answers is on disk. Raises what `work` raises.

    It may be done twice, the first time undone by another's failure, so it changes nothing but rows.
    """
    connection = get_connection("default")
    if isinstance(connection, TransactionalDBClient):
        return await work()
    group = _groups.setdefault(connection, _Group())
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    group.waiting.append((work, done))
    if group.turning is None:
        group.turning = asyncio.create_task(group.turn())
    return await done


@dataclass(frozen=True)
class Insert:
    """Where rows go that nobody reads in the transaction that writes them; `tail` ends the statement."""

    table: str
    columns: tuple[str, ...]
    tail: str = ""

    async def write(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Write the rows, in their order, with those of all who share the transaction at its end, else at once."""
        kept = _kept.get()
        if kept is not None and kept.of is get_connection("default"):
            kept.rows.setdefault(self, []).extend(rows)
        else:
            await self._written(rows)

    async def _written(self, rows: Sequence[tuple[object, ...]]) -> None:
        await fetch(self.statement(len(rows)), *(value for row in rows for value in row))

    def statement(self, rows: int) -> str:
        """The statement that writes so many rows at once."""
        width = len(self.columns)
        places = (", ".join(f"${row * width + column + 1}" for column in range(width)) for row in range(rows))
        values, columns = "), (".join(places), ", ".join(self.columns)
        return f"INSERT INTO {self.table} ({columns}) VALUES ({values}) {self.tail}"  # noqa: S608 - our own names


@dataclass
class _Kept:
    """Rows for the end of the transaction `of`. Work that undoes a part of itself alone does not take them back."""

    of: BaseDBAsyncClient
    rows: dict[Insert, list[tuple[object, ...]]] = field(default_factory=dict)


_kept: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@asynccontextmanager
async def _transaction() -> AsyncIterator[None]:
    async with in_transaction():
        kept = _Kept(get_connection("default"))
        before = _kept.set(kept)
        try:
            yield
            for insert, rows in kept.rows.items():
                await insert._written(rows)
        finally:
            _kept.reset(before)


@dataclass
class _Group:
    """Who waits for a transaction on one database; `turning` is the task that serves them while there are any."""

    waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = field(default_factory=list)
    turning: asyncio.Task[None] | None = None

    async def turn(self) -> None:
        """Serve until nobody waits."""
        try:
            while self.waiting:
                batch, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
                await _serve(batch)
        finally:
            self.turning = None


_groups: WeakKeyDictionary[BaseDBAsyncClient, _Group] = WeakKeyDictionary()


async def _serve(batch: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
    if len(batch) > 1:
        try:
            async with _transaction():
                answers = [await work() for work, _ in batch]
        except Exception:  # noqa: S110 - whose failure it was shows when each is done alone
            pass
        else:
            for (_, done), answer in zip(batch, answers, strict=True):
                _tell(done, answer)
            return
    for work, done in batch:
        await _alone(work, done)


async def _alone(work: Work[Any], done: asyncio.Future[Any]) -> None:
    try:
        async with _transaction():
            answer = await work()
    except Exception as failure:
        if not done.cancelled():
            done.set_exception(failure)
    else:
        _tell(done, answer)


def _tell(done: asyncio.Future[Any], answer: object) -> None:
    # Whoever asked may have gone; the work is done all the same.
    if not done.cancelled():
        done.set_result(answer)
