"""What is looked for on every warning, offer and check-in, and would else be read through from end to end."""

from __future__ import annotations

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = {
    "address_of": "INDEX address_of ON address (resident_id)",
    "contact_of": "INDEX contact_of ON trusted_contact (resident_id)",
    "attempt_to": "INDEX attempt_to ON attempt (phone_id) WHERE phone_id IS NOT NULL",
    "notice_about": "INDEX notice_about ON notice (offer_id) WHERE offer_id IS NOT NULL",
    "task_from": "INDEX task_from ON task (offer_id)",
    "task_silent": "INDEX task_silent ON task (acknowledge_by) WHERE status = 'accepted' AND acknowledged_at IS NULL",
    "check_in_about": "INDEX check_in_about ON check_in (task_id)",
    "area_of_kind": "INDEX area_of_kind ON area (kind, lat)",
    "policy_of_family": "INDEX policy_of_family ON escalation_policy (family)",
}


class Migration(migrations.Migration):
    dependencies = [("models", "0006_wrong_places")]
    operations = [ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()]
