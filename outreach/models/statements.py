"""SQL written by hand, for the paths that every warning takes: one statement where the ORM would ask several times."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.models import Model

M = TypeVar("M", bound=Model)
LISTED = {"sqlite": "json_group_array({})", "postgres": "array_agg({})"}
"""A whole column in one value."""


def dialect() -> str:
    """The engine's: `sqlite` or `postgres`."""
    return str(get_connection("default").capabilities.dialect)


async def fetch(sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of one statement as the driver gives them (on SQLite ids and times are text); `$1` is the first value.

    Clauses that lock rows are left out on SQLite, which has one writer.
    """
    connection = get_connection("default")
    if connection.capabilities.dialect == "sqlite":
        return await connection.execute_query_dict(_for_sqlite(sql), [_plain(value) for value in values])
    return await connection.execute_query_dict(sql, list(values))


async def select(model: type[M], sql: str, *values: object) -> list[M]:
    """The same as rows of `model`, of which the statement must name every column (`SELECT *`, `RETURNING *`)."""
    return [row_of(model, row) for row in await fetch(sql, *values)]


async def listed(columns: Mapping[str, str], tail: str, *values: object, head: str = "") -> dict[str, list[Any]]:
    """What `tail` chooses, as a list for each column by its name, made by the engine; `head` goes before the statement.

    On SQLite ids and times are text. Of thousands of rows in half the time that `fetch` takes.
    """
    engine = dialect()
    wanted = ", ".join(f'{LISTED[engine].format(column)} AS "{name}"' for name, column in columns.items())
    (row,) = await fetch(f"{head} SELECT {wanted} {tail}", *values)
    return {name: json.loads(row[name]) if engine == "sqlite" else row[name] or [] for name in columns}


def row_of(model: type[M], row: dict[str, Any], prefix: str = "") -> M:
    """One row of `model` out of a fetched one, whose columns begin with `prefix`."""
    mine = {name[len(prefix) :]: value for name, value in row.items() if name.startswith(prefix)} if prefix else row
    # Tortoise's own way from a driver's row to a model; it has no public name.
    return model._init_from_db(**mine)


def moment_in(value: object) -> datetime | None:
    """A time in a fetched row, as a moment in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert found is None or isinstance(found, datetime)
    return found


@cache
def columns(model: type[Model], alias: str, prefix: str) -> str:
    """Every column of `model` as `alias.column AS prefix…`, for a join whose rows `row_of` takes apart."""
    return ", ".join(f'{alias}."{name}" AS "{prefix}{name}"' for name in model._meta.fields_db_projection.values())


@cache
def _for_sqlite(sql: str) -> str:
    return re.sub(r"\s+FOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?", "", sql).replace("$", "?")


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    # SQLite keeps moments as text: of two zones the same moment would be two texts.
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value.value if isinstance(value, Enum) else value
