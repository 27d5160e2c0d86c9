"""A resident can check a visitor: the codes that are shown at the door, and each time one is asked about."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment, SealedField
from outreach.models.visiting import CodeAnswer

INDEXES = {
    "one_live_code": "UNIQUE INDEX one_live_code ON visit_code (code_hash) WHERE ended_at IS NULL",
    "one_code_of_visit": "UNIQUE INDEX one_code_of_visit ON visit_code (task_id) WHERE ended_at IS NULL",
}


class Migration(migrations.Migration):
    dependencies = [("models", "0007_found_by")]
    operations = [
        ops.CreateModel(
            name="VisitCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", SealedField(unique=False)),
                ("code_hash", fields.CharField(max_length=64)),
                ("made_at", Moment()),
                ("expires_at", Moment()),
                ("ended_at", Moment(null=True)),
            ],
            options={"table": "visit_code", "app": "models", "indexes": [Index(fields=["code_hash"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="VisitCodeTry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("caller_hash", fields.CharField(max_length=64)),
                ("code_hash", fields.CharField(max_length=64)),
                ("way", fields.CharField(max_length=8)),
                ("at", Moment()),
                ("said", fields.CharEnumField(default=CodeAnswer.ASKED, enum_type=CodeAnswer, max_length=8)),
            ],
            options={
                "table": "visit_code_try",
                "app": "models",
                "indexes": [Index(fields=["caller_hash", "at"]), Index(fields=["code_hash", "at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        *(ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()),
    ]
