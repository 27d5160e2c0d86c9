"""All cases of one person, ended ones too: for their record, and for two who are merged."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {"outreach_to": "INDEX outreach_to ON outreach (resident_id)"}


class Migration(migrations.Migration):
    dependencies = [("models", "0026_desk_calls")]
    operations = [ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()]
