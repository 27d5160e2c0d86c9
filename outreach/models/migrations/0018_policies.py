"""A version of a policy says who made it on the board, and from which other version."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0017_registry")]
    operations = [
        ops.AddField("EscalationPolicy", "made_by", fields.UUIDField(null=True)),
        ops.AddField("EscalationPolicy", "made_from", fields.IntField(null=True)),
    ]
