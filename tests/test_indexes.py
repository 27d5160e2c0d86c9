"""What the models say is looked for by, or is there once, the tables have an index for, on both engines."""

from __future__ import annotations

from tortoise.connection import get_connection
from tortoise.indexes import Index
from tortoise.models import Model

from outreach.models.connecting import is_sqlite
from tests.test_states import MODELS_OF_OURS

EMBEDDED = (
    'SELECT m.name AS "table", l.name AS name, l."unique" AS only, i.name AS "column" FROM sqlite_master m,'
    " pragma_index_list(m.name) l, pragma_index_info(l.name) i WHERE m.type = 'table' AND NOT l.partial"
    " ORDER BY l.name, i.seqno"
)
POSTGRES = (
    'SELECT t.relname AS "table", i.relname AS name, x.indisunique AS only, a.attname AS "column" FROM pg_index x'
    " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
    " JOIN pg_attribute a ON a.attrelid = i.oid WHERE x.indpred IS NULL ORDER BY i.relname, a.attnum"
)


async def columns_of_indexes(database: str) -> dict[tuple[str, bool], list[tuple[str, ...]]]:
    """The columns of every index of the whole table, by table and whether each row has its own."""
    rows = await get_connection("default").execute_query_dict(EMBEDDED if is_sqlite(database) else POSTGRES)
    named: dict[tuple[str, str, bool], list[str]] = {}
    for row in rows:
        named.setdefault((row["table"], row["name"], bool(row["only"])), []).append(row["column"])
    found: dict[tuple[str, bool], list[tuple[str, ...]]] = {}
    for (table, _, only), columns in named.items():
        found.setdefault((table, only), []).append(tuple(columns))
    return found


def said_of(model: type[Model]) -> list[tuple[tuple[str, ...], bool]]:
    """What the model says of itself: columns, and whether each row has its own."""
    meta = model._meta
    indexes = [(tuple(each.fields if isinstance(each, Index) else each), False) for each in meta.indexes]
    said = indexes + [(tuple(each), True) for each in meta.unique_together]
    said += [((name,), bool(f.unique)) for name, f in meta.fields_map.items() if (f.index or f.unique) and not f.pk]
    columns = meta.fields_db_projection
    return [
        (tuple(columns.get(name) or columns.get(f"{name}_id") or name for name in names), only) for names, only in said
    ]


async def test_everything_is_found_by_what_its_model_says_and_is_there_once_where_it_says_so(database: str) -> None:
    known = await columns_of_indexes(database)
    looked_at = 0
    for model in MODELS_OF_OURS:
        table = model._meta.db_table
        for wanted, only in said_of(model):
            kinds = (True,) if only else (True, False)
            there = [columns for kind in kinds for columns in known.get((table, kind), [])]
            assert any(columns[: len(wanted)] == wanted for columns in there), (table, wanted, only)
            looked_at += 1
    assert looked_at > 30
