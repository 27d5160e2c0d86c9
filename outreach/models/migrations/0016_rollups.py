"""Figures by the hour, day and month; what came after a case; and triggers that mark what changes after its end.

Triggers, since a mark that some writer of targets forgot would be a wrong figure for ever. On SQLite a table that is
rebuilt loses its triggers as it does its indexes: whoever alters `target`, `outreach` or `task` makes them anew.
"""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment

INDEXES = {
    "target_ended_at": "INDEX target_ended_at ON target (ended_at)",
    "task_accepted_at": "INDEX task_accepted_at ON task (accepted_at)",
}
COUNTED = (
    "outreach_id",
    "contacted_at",
    "contacted_by",
    "reached_at",
    "reached_by",
    "convinced_at",
    "accurate",
    "ended_at",
    "end_state",
    "end_reason",
    "told_at",
    "defrauded",
    "lost",
    "lost_told_by",
)
"""The columns of a target that a figure is made of."""
KEYS = ("policy_id", "area_id")
MARK = "INSERT INTO rollup_mark (target_id, ended_at)"
OF_OUTREACH = f"{MARK} SELECT id, ended_at FROM target WHERE ended_at IS NOT NULL AND outreach_id"  # noqa: S608
TRIGGERS = {
    "target_changed": (
        "target",
        "OLD.ended_at IS NOT NULL AND ({})",
        COUNTED,
        f"{MARK} VALUES (OLD.id, OLD.ended_at)",
    ),
    "outreach_moved": ("outreach", "{}", KEYS, f"{OF_OUTREACH} = NEW.id"),
    "task_arrived_at": ("task", "{}", ("arrived_at",), f"{OF_OUTREACH} = NEW.outreach_id"),
}
"""By name: the table, when (with the changes put in), the columns whose change counts, and what is written."""


async def _mark_changes(apps: Any, editor: Any) -> None:
    postgres = editor.client.capabilities.dialect == "postgres"
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    for name, (table, when, columns, mark) in TRIGGERS.items():
        changed = when.format(" OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns))
        head = f"CREATE TRIGGER {name} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({changed})"
        if postgres:
            body = f"$$ BEGIN {mark}; RETURN NULL; END $$"
            await editor.client.execute_script(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body};{head} EXECUTE FUNCTION {name}()"
            )
        else:
            await editor.client.execute_script(f"{head} BEGIN {mark}; END")


def _short(length: int = 36) -> Any:
    return fields.CharField(max_length=length)


def _options(table: str, pk: str = "id", **more: Any) -> dict[str, Any]:
    return {"table": table, "app": "models", "pk_attr": pk, **more}


def _id() -> tuple[str, Any]:
    return "id", fields.UUIDField(primary_key=True, unique=True, db_index=True)


class Migration(migrations.Migration):
    dependencies = [("models", "0015_handing_over")]
    operations = [
        ops.CreateModel(
            name="Rollup",
            fields=[
                _id(),
                ("level", _short(8)),
                ("starts_at", Moment()),
                *((name, _short()) for name in ("area_id", "category_id", "source_id", "policy_id")),
                ("severity", _short(8)),
                ("figures", fields.TextField(unique=False)),
                ("reasons", fields.TextField(unique=False)),
            ],
            options=_options("rollup", indexes=[Index(fields=["level", "starts_at"])]),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollupHour",
            fields=[("starts_at", fields.DatetimeField(primary_key=True, unique=True, db_index=True))],
            options=_options("rollup_hour", "starts_at"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollupState",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("until", Moment()),
                ("load_until", Moment()),
                ("zone", _short(64)),
                ("version", fields.IntField(default=0)),
            ],
            options=_options("rollup_state"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RollupMark",
            fields=[
                ("seq", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("target_id", fields.UUIDField(default=uuid7)),
                ("ended_at", Moment()),
            ],
            options=_options("rollup_mark", "seq"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ResponderDay",
            fields=[
                _id(),
                ("day", Moment()),
                ("area_id", _short()),
                ("responder_id", fields.UUIDField()),
                ("tasks", fields.IntField()),
            ],
            options=_options("responder_day", indexes=[Index(fields=["day"])]),
            bases=["Model"],
        ),
        ops.AddField("Target", "contacted_by", fields.CharField(null=True, max_length=16)),
        ops.AddField("Target", "defrauded", fields.BooleanField(null=True)),
        ops.AddField("Target", "lost", fields.BigIntField(null=True)),
        ops.AddField("Target", "lost_told_by", fields.CharField(null=True, max_length=16)),
        *(ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()),
        ops.RunPython(_mark_changes),
    ]
