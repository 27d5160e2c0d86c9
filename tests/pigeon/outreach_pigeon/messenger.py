"""Pigeon Post's API: letters and rings, posted and looked up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2

from outreach.messaging.facts import Report
from outreach.messaging.messenger import Accepted, AnswerLost, Capability, Kind, SendRefused
from outreach_pigeon.words import FAULTS, read

SHELVES: dict[Kind, str] = {"sms": "letters", "voice": "rings"}


class PigeonMessenger:
    """Pigeon Post; it takes letters and rings, brings answers, and says what became of each."""

    can: frozenset[Capability] = frozenset({"sms", "voice", "two_way", "status"})
    pace: Mapping[Kind, float] = {}

    def __init__(self, url: str, timeout_s: float) -> None:
        self._client = httpx2.AsyncClient(base_url=url, timeout=timeout_s)

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Send a letter."""
        made = await self._asked("POST", "/letters", json={"roof": to, "words": body, "tell": callback_url})
        return Accepted(made.json()["ref"])

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Ring; it listens first who takes the call, and tells so as it asks what to say."""
        made = await self._asked("POST", "/rings", json={"roof": to, "ask": words_url, "tell": callback_url})
        return Accepted(made.json()["ref"])

    async def find(self, kind: Kind, to: str, body: str, since: datetime) -> list[Report]:
        """What went to that roof since then, oldest first."""
        listed = await self._asked("GET", f"/{SHELVES[kind]}", params={"roof": to, "since": since.isoformat()})
        return [read(one) for one in listed.json()["sent"] if kind == "voice" or one["words"] == body]

    async def status(self, kind: Kind, sid: str) -> Report | None:
        """What became of one; None where it has none such."""
        answer = await self._asked("GET", f"/{SHELVES[kind]}/{sid}")
        return read(answer.json()) if answer.status_code == 200 else None

    async def close(self) -> None:
        """Give back its connections."""
        await self._client.aclose()

    async def _asked(self, method: str, path: str, **given: Any) -> httpx2.Response:
        try:
            answer = await self._client.request(method, path, **given)
        except httpx2.ConnectError:
            raise SendRefused("no_connection", "later") from None
        except httpx2.HTTPError:
            raise AnswerLost from None
        if answer.status_code >= 500:
            raise AnswerLost
        if answer.status_code == 422:
            why = str(answer.json()["why"])
            raise SendRefused(why, FAULTS.get(why, "never"))
        return answer
