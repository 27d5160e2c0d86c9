"""Where a phone's browser takes pushes."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment, SealedField


class Migration(migrations.Migration):
    dependencies = [("models", "0011_signing_in")]
    operations = [
        ops.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                (
                    "responder",
                    fields.ForeignKeyField(
                        "models.Responder",
                        source_field="responder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("endpoint", SealedField(unique=False)),
                ("endpoint_hash", fields.CharField(unique=True, max_length=64)),
                ("p256dh", SealedField(unique=False)),
                ("auth", SealedField(unique=False)),
                ("token_hash", fields.CharField(max_length=64)),
                ("made_at", Moment()),
            ],
            options={
                "table": "push_subscription",
                "app": "models",
                "indexes": [Index(fields=["responder_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
