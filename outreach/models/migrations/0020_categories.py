"""A category that was put right on the board is left alone by its file."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment


class Migration(migrations.Migration):
    dependencies = [("models", "0019_people")]
    operations = [ops.AddField("Category", "edited_at", Moment(null=True))]
