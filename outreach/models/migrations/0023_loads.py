"""Tasks by responder are kept in one row a day or month, for each area with what lies below it: a year is few rows.

They are made of other rows: those kept so far are dropped, and the cron makes them anew.
"""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment, short

ANEW = "UPDATE rollup_state SET load_until = '2000-01-01 00:00:00+00:00'"


class Migration(migrations.Migration):
    dependencies = [("models", "0022_rollups")]
    operations = [
        ops.DeleteModel("ResponderDay"),
        ops.CreateModel(
            name="ResponderLoad",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("level", short(8)),
                ("starts_at", Moment()),
                ("area_id", short(36)),
                ("tasks", fields.TextField(unique=False)),
            ],
            options={
                "table": "responder_load",
                "app": "models",
                "pk_attr": "id",
                "indexes": [Index(fields=["level", "area_id", "starts_at"])],
            },
            bases=["Model"],
        ),
        ops.RunSQL(ANEW, ANEW),
    ]
