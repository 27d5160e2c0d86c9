"""What was said in a coordinator's call is kept, sealed; calls recorded before are known by the lines they left."""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment, SealedField

CALL_ID = {"sqlite": "json_extract(data, '$.call_id')", "postgres": "CAST(data->>'call_id' AS uuid)"}
RECORDED = """
    INSERT INTO desk_call (id, outreach_id, coordinator_id, at)
    SELECT {call_id}, outreach_id, actor_id, min(at) FROM event
    WHERE kind IN ('contact', 'no_contact') AND actor_kind = 'coordinator' AND {call_id} IS NOT NULL
    GROUP BY 1, 2, 3"""


def _of(name: str, model: str) -> tuple[str, Any]:
    given = {"source_field": f"{name}_id", "db_constraint": True, "to_field": "id", "related_name": False}
    return name, fields.ForeignKeyField(model, on_delete=OnDelete.RESTRICT, **given)


async def _take_over(apps: Any, editor: Any) -> None:
    await editor.client.execute_script(RECORDED.format(call_id=CALL_ID[editor.client.capabilities.dialect]))


class Migration(migrations.Migration):
    dependencies = [("models", "0025_exercises")]
    operations = [
        ops.CreateModel(
            name="DeskCall",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                _of("outreach", "models.Outreach"),
                _of("coordinator", "models.Coordinator"),
                ("note", SealedField(null=True)),
                ("at", Moment()),
            ],
            options={
                "table": "desk_call",
                "app": "models",
                "indexes": [Index(fields=["outreach_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(_take_over),
    ]
