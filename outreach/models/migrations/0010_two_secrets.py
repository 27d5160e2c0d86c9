"""A source that changes its secret is told under both for a while."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment, SealedField


class Migration(migrations.Migration):
    dependencies = [("models", "0009_provider_events")]
    operations = [
        ops.AddField("Source", "webhook_secret_before", SealedField(null=True)),
        ops.AddField("Source", "webhook_secret_before_until", Moment(null=True)),
    ]
