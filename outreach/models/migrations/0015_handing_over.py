"""Coordinators hand cases on with a note, and two residents who are one become one."""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment, SealedField


def _of(name: str, model: str, **more: Any) -> tuple[str, Any]:
    given = {"source_field": f"{name}_id", "db_constraint": True, "to_field": "id", "related_name": False, **more}
    return name, fields.ForeignKeyField(model, on_delete=OnDelete.RESTRICT, **given)


class Migration(migrations.Migration):
    dependencies = [("models", "0014_coordinators")]
    operations = [
        ops.CreateModel(
            name="Handover",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                _of("outreach", "models.Outreach"),
                _of("from_coordinator", "models.Coordinator"),
                _of("to_coordinator", "models.Coordinator", null=True),
                ("note", SealedField(null=True)),
                ("at", Moment()),
            ],
            options={"table": "handover", "app": "models", "indexes": [Index(fields=["outreach_id"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField("Resident", "merged_into", fields.UUIDField(null=True)),
    ]
