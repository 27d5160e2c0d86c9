"""What is urgent leaves first, and no faster than the provider lets it; texts of a day to one number are counted."""

from __future__ import annotations

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from outreach.models.fields import Moment

INDEXES = {
    "attempt_told": "INDEX attempt_told ON attempt (trusted_contact_id) WHERE trusted_contact_id IS NOT NULL",
    "attempt_next": "INDEX attempt_next ON attempt (urgent DESC, send_after) WHERE status = 'queued'",
    "notice_next": "INDEX notice_next ON notice (urgent DESC, send_after) WHERE status = 'queued'",
}
REPLACED = {
    "attempt_queued": "INDEX attempt_queued ON attempt (send_after) WHERE status = 'queued'",
    "notice_queued": "INDEX notice_queued ON notice (send_after) WHERE status = 'queued'",
}


class Migration(migrations.Migration):
    dependencies = [("models", "0012_pushing")]
    operations = [
        ops.CreateModel(
            name="Pace",
            fields=[
                ("id", fields.CharField(max_length=16, primary_key=True, unique=True, db_index=True)),
                ("used_until", Moment()),
            ],
            options={"table": "pace", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField("Attempt", "urgent", fields.BooleanField(default=False, db_default=False)),
        ops.AddField("Attempt", "number", fields.IntField(default=1, db_default=1)),
        ops.AddField("Notice", "urgent", fields.BooleanField(default=False, db_default=False)),
        *(ops.AddField(model, "held_up_at", Moment(null=True)) for model in ("Attempt", "Notice")),
        *(ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()),
        *(ops.RunSQL(f"DROP INDEX {name}", f"CREATE {sql}") for name, sql in REPLACED.items()),
    ]
