"""Two residents compared are remembered, and a coordinator whose access was taken away has left."""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment


def _of(name: str, model: str) -> tuple[str, Any]:
    given = {"source_field": f"{name}_id", "db_constraint": True, "to_field": "id", "related_name": False}
    return name, fields.ForeignKeyField(model, on_delete=OnDelete.RESTRICT, **given)


class Migration(migrations.Migration):
    dependencies = [("models", "0018_policies")]
    operations = [
        ops.CreateModel(
            name="Verdict",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                _of("one", "models.Resident"),
                _of("other", "models.Resident"),
                ("same", fields.BooleanField()),
                ("at", Moment()),
                _of("by_coordinator", "models.Coordinator"),
            ],
            options={
                "table": "verdict",
                "app": "models",
                "unique_together": (("one", "other"),),
                "indexes": [Index(fields=["other_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField("Coordinator", "left_at", Moment(null=True)),
    ]
