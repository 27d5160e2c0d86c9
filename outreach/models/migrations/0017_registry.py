"""People are found by parts of their names and addresses, and each look at what is found is kept."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment
from outreach.models.searching import Whom

LOOKED = "INDEX event_looked ON event (at) WHERE kind = 'details_shown'"


def _foreign(model: str, column: str, **more: object) -> fields.ForeignKeyRelation:
    said = {"source_field": column, "db_constraint": True, "to_field": "id", "on_delete": OnDelete.RESTRICT}
    return fields.ForeignKeyField(model, **said, **more)


class Migration(migrations.Migration):
    dependencies = [("models", "0016_rollups")]
    operations = [
        ops.CreateModel(
            name="SearchToken",
            fields=[
                ("id", fields.BigIntField(primary_key=True, generated=True, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("whom", fields.CharEnumField(Whom, max_length=9)),
                ("token", fields.CharField(max_length=32)),
            ],
            options={
                "table": "search_token",
                "app": "models",
                "unique_together": (("person_id", "token"),),
                "indexes": [Index(fields=["token", "whom"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Look",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("at", Moment()),
                ("actor_kind", fields.CharField(max_length=16)),
                ("actor_id", fields.UUIDField()),
                ("way", fields.CharField(max_length=8)),
            ],
            options={"table": "look", "app": "models", "indexes": [Index(fields=["at"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LookShown",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("look", _foreign("models.Look", "look_id", related_name="shown")),
                ("person_id", fields.UUIDField(db_index=True)),
                ("area", _foreign("models.Area", "area_id", null=True, related_name=False)),
            ],
            options={"table": "look_shown", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunSQL(f"CREATE {LOOKED}", "DROP INDEX event_looked"),
    ]
