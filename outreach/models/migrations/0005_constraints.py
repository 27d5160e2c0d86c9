"""What the database itself refuses, and the partial indexes that claiming and searching lean on.

CHECKs come before the indexes: on SQLite a CHECK rebuilds its table, which drops indexes made by hand.
"""

from __future__ import annotations

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

CHECKS = {
    "Responder": {"responder_load": "load >= 0 AND load <= capacity", "responder_capacity": "capacity >= 0"},
    "Shift": {"shift_hours": "starts_at < ends_at"},
    "Absence": {"absence_hours": "starts_at < ends_at"},
    "Outreach": {
        "outreach_ended": "(status = 'ended') = (ended_at IS NOT NULL)",
        "outreach_end_state": "(status = 'ended') = (end_state IS NOT NULL)",
        "outreach_due": "(status = 'ended') = (due_at IS NULL)",
        "outreach_reached": "reached_at IS NULL OR contacted_at IS NOT NULL",
        "outreach_convinced": "convinced_at IS NULL OR reached_at IS NOT NULL",
        "outreach_following_up": "status <> 'following_up' OR reached_at IS NOT NULL",
    },
    "Target": {
        "target_ended": "(ended_at IS NULL) = (end_state IS NULL)",
        "target_reached": "(reached_at IS NULL) = (reached_evidence IS NULL)",
        "target_contacted": "reached_at IS NULL OR contacted_at IS NOT NULL",
        "target_convinced": "convinced_at IS NULL OR reached_at IS NOT NULL",
    },
    "Attempt": {
        "attempt_sending": "status <> 'sending' OR sending_at IS NOT NULL",
        "attempt_failed": "(status = 'failed') = (failed_at IS NOT NULL)",
        "attempt_delivered": "status <> 'delivered' OR delivered_at IS NOT NULL",
        "attempt_answered": "status <> 'answered' OR answered_at IS NOT NULL",
    },
    "Offer": {"offer_settled": "(status = 'offered') = (settled_at IS NULL)"},
    "Task": {
        "task_closed": "(status = 'closed') = (closed_at IS NOT NULL)",
        "task_arrived": "status <> 'arrived' OR arrived_at IS NOT NULL",
    },
    "Notice": {
        "notice_sending": "status <> 'sending' OR sending_at IS NOT NULL",
        "notice_failed": "(status = 'failed') = (failed_at IS NOT NULL)",
    },
}
INDEXES = {
    "one_live_outreach": "UNIQUE INDEX one_live_outreach ON outreach (resident_id, family) WHERE status <> 'ended'",
    "one_live_task": "UNIQUE INDEX one_live_task ON task (outreach_id, kind) WHERE status <> 'closed'",
    "one_live_offer": "UNIQUE INDEX one_live_offer ON offer (outreach_id, kind, responder_id) WHERE status = 'offered'",
    "attempt_sid": "UNIQUE INDEX attempt_sid ON attempt (sid) WHERE sid IS NOT NULL",
    "notice_sid": "UNIQUE INDEX notice_sid ON notice (sid) WHERE sid IS NOT NULL",
    "responder_free": "INDEX responder_free ON responder (cell) WHERE load < capacity",
    "outreach_due": "INDEX outreach_due ON outreach (due_at) WHERE status <> 'ended' AND paused_at IS NULL",
    "attempt_queued": "INDEX attempt_queued ON attempt (send_after) WHERE status = 'queued'",
    "attempt_open": "INDEX attempt_open ON attempt (sending_at) WHERE status IN ('sending', 'unknown')",
    "notice_queued": "INDEX notice_queued ON notice (send_after) WHERE status = 'queued'",
    "notice_open": "INDEX notice_open ON notice (sending_at) WHERE status IN ('sending', 'unknown')",
    "offer_waiting": "INDEX offer_waiting ON offer (lapses_at) WHERE status = 'offered'",
}


async def _stamp_transactions(apps: Any, editor: Any) -> None:
    # A feed read by `seq` alone would skip a row whose transaction commits late; PostgreSQL tells which are still open.
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_script(
            "ALTER TABLE event ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id()"
        )


class Migration(migrations.Migration):
    dependencies = [("models", "0004_contacts")]
    operations = [
        *(
            ops.AddConstraint(model, CheckConstraint(check=check, name=name))
            for model, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        *(ops.RunSQL(f"CREATE {sql}", f"DROP INDEX {name}") for name, sql in INDEXES.items()),
        ops.RunPython(_stamp_transactions),
    ]
