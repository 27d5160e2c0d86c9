"""Telling a source what became of its warning: one signed request per news, as Standard Webhooks has it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from outreach.models import Notice, Target

ANSWER_WITHIN_S = 10.0
"""From connecting to the status line; httpx's own limits are for each step, and a slow drip would pass them all."""


@dataclass(frozen=True)
class Answer:
    """What the source said: `fault` is "" when it took the news (2xx), else a code; `wait` is how long it asks for."""

    fault: str = ""
    wait: timedelta = timedelta()

    @property
    def gone(self) -> bool:
        """Whether it wants to hear nothing more at this address (410)."""
        return self.fault == "http_410"


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


async def post(
    client: httpx2.AsyncClient, url: str, secrets: Sequence[str], row: Notice, body: str, now: datetime
) -> Answer:
    """Send it once, signed for this moment under the notice's id, which stays the same whenever it is sent again.

    Each of `secrets` signs it: whoever changes its secret knows one of the two.
    """
    at = now.astimezone(UTC)  # The library writes UTC over whatever zone it is given.
    try:
        signature = " ".join(Webhook(secret).sign(str(row.id), at, body) for secret in secrets)
    except (ValueError, EmptyWebhookSecretError):
        return Answer("secret_unusable")
    headers = {
        "content-type": "application/json",
        "webhook-id": str(row.id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }
    # A redirect is followed by nobody: the news goes to the address that was set, or nowhere.
    asking = client.stream("POST", url, content=body.encode(), headers=headers, follow_redirects=False)
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S), asking as answer:
            return _heard(answer)
    except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL):
        return Answer("no_answer")


def _heard(answer: httpx2.Response) -> Answer:
    if answer.is_success:
        return Answer()
    asked = answer.headers.get("retry-after", "")
    wait = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    return Answer(f"http_{answer.status_code}", timedelta(seconds=wait))


def _text(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
