"""What the provider called back to say is kept, once each, for whoever wants to see it."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment


class Migration(migrations.Migration):
    dependencies = [("models", "0008_visit_codes")]
    operations = [
        ops.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("provider", fields.CharField(max_length=16)),
                ("sid", fields.CharField(max_length=64)),
                ("status", fields.CharField(max_length=32)),
                ("sequence", fields.IntField()),
                ("code", fields.CharField(null=True, max_length=64)),
                ("about", fields.UUIDField()),
                ("at", Moment()),
            ],
            options={
                "table": "provider_event",
                "app": "models",
                "indexes": [Index(fields=["about"]), Index(fields=["at"])],
                "unique_together": (("provider", "sid", "status", "sequence"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
