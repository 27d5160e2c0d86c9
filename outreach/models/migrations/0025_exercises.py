"""Exercises are found by an index of their own: they are few, and every report says how many it leaves out."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {"exercise_received": "INDEX exercise_received ON warning (received_at) WHERE exercise"}


class Migration(migrations.Migration):
    dependencies = [("models", "0024_marks")]
    operations = [ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()]
