"""Figures of a whole hour, day or month in one row for each view, in place of one for each kind of case.

They are made of other rows: those kept so far are dropped, and the cron makes them anew.
"""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment, short

ANEW = (
    "DELETE FROM rollup_hour",
    "DELETE FROM responder_day",
    "UPDATE rollup_state SET load_until = '2000-01-01 00:00:00+00:00'",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0021_indexes_again")]
    operations = [
        ops.DeleteModel("Rollup"),
        ops.CreateModel(
            name="Rollup",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("level", short(8)),
                ("starts_at", Moment()),
                ("area_id", short(36)),
                ("part", short(8)),
                ("figures", fields.BinaryField()),
            ],
            options={
                "table": "rollup",
                "app": "models",
                "pk_attr": "id",
                "indexes": [Index(fields=["level", "part", "starts_at", "area_id"])],
            },
            bases=["Model"],
        ),
        ops.AddIndex("ResponderDay", Index(fields=["area_id", "day"])),
        *(ops.RunSQL(sql, sql) for sql in ANEW),
    ]
