"""Tasks by responder are kept by the category and severity of their cases, so that a report can be narrowed by them.

They are made of other rows: those kept so far are dropped, and the cron makes them anew.
"""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

ANEW = ("DELETE FROM responder_load", "UPDATE rollup_state SET load_until = '2000-01-01 00:00:00+00:00'")


class Migration(migrations.Migration):
    dependencies = [("models", "0027_cases_of")]
    operations = [ops.RunSQL(sql, sql) for sql in ANEW]
