"""Telling a source what became of its warning: one signed request per news, as Standard Webhooks has it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx2
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from outreach.models import Notice, Target


async def body_of(row: Notice) -> str | None:
    """The news as JSON: codes, ids and times of one target; None when the notice names none."""
    if row.target_id is None:
        return None
    target = await Target.get(id=row.target_id).prefetch_related("warning")
    data = {
        "warning_id": str(target.warning_id),
        "external_id": target.warning.external_id,
        "target_id": str(target.id),
        "outreach_id": str(target.outreach_id),
        "reached_at": _text(target.reached_at),
        "convinced_at": _text(target.convinced_at),
        "ended_at": _text(target.ended_at),
        "end_state": target.end_state.value if target.end_state else None,
        "end_reason": target.end_reason,
        "accurate": target.accurate,
    }
    said = {"type": f"target.{row.kind}", "timestamp": _text(row.queued_at), "data": data}
    return json.dumps(said, separators=(",", ":"))


async def post(client: httpx2.AsyncClient, url: str, secret: str, row: Notice, body: str, now: datetime) -> str:
    """Send it; answers "" when the source took it (2xx), else a code that says why not."""
    headers = {"content-type": "application/json", "webhook-id": str(row.id)}
    try:
        signature = Webhook(secret).sign(str(row.id), now, body)
    except (ValueError, EmptyWebhookSecretError):
        return "secret_unusable"
    headers |= {"webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    try:
        answer = await client.post(url, content=body.encode(), headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL):
        return "no_answer"
    return "" if answer.is_success else f"http_{answer.status_code}"


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
