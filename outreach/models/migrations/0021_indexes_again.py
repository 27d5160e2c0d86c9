"""Indexes that SQLite lost when 0005 rebuilt their tables to add the CHECKs; PostgreSQL kept its own."""

from __future__ import annotations

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {
    "target_of": "target (outreach_id)",
    "attempt_of": "attempt (outreach_id)",
    "offer_of": "offer (outreach_id)",
    "offer_by": "offer (responder_id, status)",
    "task_of": "task (outreach_id)",
    "task_by": "task (responder_id, status)",
    "notice_of": "notice (outreach_id)",
    "notice_seen": "notice (audience, seen_at)",
    "shift_by": "shift (responder_id, ends_at)",
    "absence_by": "absence (responder_id, ends_at)",
}
ONE_TARGET = "one_target ON target (warning_id, resident_id)"
TWICE = "SELECT 1 FROM target GROUP BY warning_id, resident_id HAVING count(*) > 1 LIMIT 1"


async def _make(apps: Any, editor: Any) -> None:
    if editor.client.capabilities.dialect != "sqlite":
        return
    for name, columns in INDEXES.items():
        await editor.client.execute_script(f"CREATE INDEX {name} ON {columns}")
    # Nothing has refused a second target of one resident so far; where there is one, the product starts all the same.
    unique = "" if await editor.client.execute_query_dict(TWICE) else "UNIQUE"
    await editor.client.execute_script(f"CREATE {unique} INDEX {ONE_TARGET}")


class Migration(migrations.Migration):
    dependencies = [("models", "0020_categories")]
    operations = [ops.RunPython(_make)]
