"""A place may be found to be wrong, as a number may."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment


class Migration(migrations.Migration):
    dependencies = [("models", "0005_constraints")]
    operations = [ops.AddField("Address", "wrong_at", Moment(null=True))]
