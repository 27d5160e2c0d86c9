"""Coordinators sign in, have roles, and follow what happens as it does; looks at personal data are found at once."""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment, SealedField
from outreach.models.states import TokenKind

LOOKS = "INDEX event_looks ON event (seq) WHERE kind = 'details_shown'"


def _id() -> tuple[str, Any]:
    return "id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)


def _of_a_coordinator(field: Any) -> tuple[str, Any]:
    given = {"source_field": "coordinator_id", "db_constraint": True, "to_field": "id", "related_name": False}
    return "coordinator", field("models.Coordinator", on_delete=OnDelete.RESTRICT, **given)


def _options(table: str) -> dict[str, Any]:
    return {"table": table, "app": "models", "pk_attr": "id"}


async def _order_events(apps: Any, editor: Any) -> None:
    # Who follows asks for what came after one line, in the order in which transactions began.
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_script("CREATE INDEX event_order ON event (txid, seq)")


class Migration(migrations.Migration):
    dependencies = [("models", "0013_pace")]
    operations = [
        ops.CreateModel(
            name="CoordinatorLogin",
            fields=[
                _id(),
                _of_a_coordinator(fields.OneToOneField),
                ("name_hash", fields.CharField(unique=True, max_length=64)),
                ("password", SealedField()),
                ("totp_secret", SealedField()),
                ("last_step", fields.BigIntField(default=0)),
                ("made_at", Moment()),
            ],
            options=_options("coordinator_login"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CoordinatorLink",
            fields=[
                _id(),
                _of_a_coordinator(fields.ForeignKeyField),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("made_at", Moment()),
                ("expires_at", Moment()),
                ("used_at", Moment(null=True)),
            ],
            options=_options("coordinator_link"),
            bases=["Model"],
        ),
        ops.AddField(
            "Coordinator",
            "role",
            fields.CharEnumField(
                TokenKind, max_length=16, default=TokenKind.COORDINATOR, db_default=TokenKind.COORDINATOR
            ),
        ),
        ops.AddField("AccessToken", "way", fields.CharField(null=True, max_length=8)),
        ops.RunSQL(f"CREATE {LOOKS}", "DROP INDEX event_looks"),
        ops.RunPython(_order_events),
    ]
