"""What carries messages where no account is set: nothing, and it says so at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outreach.messaging.facts import Report
from outreach.messaging.messenger import Accepted, Capability, Kind, SendRefused

NO_ACCOUNT = "no_account"


class UnsetMessenger:
    """Refuses every send for good, so that the ladder goes on to people without waiting."""

    can: frozenset[Capability] = frozenset()
    pace: Mapping[Kind, float] = {}

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Raises SendRefused."""
        raise SendRefused(NO_ACCOUNT)

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Raises SendRefused."""
        raise SendRefused(NO_ACCOUNT)

    async def find(self, kind: Kind, to: str, body: str, since: datetime) -> list[Report]:
        """Nothing was ever sent."""
        return []

    async def status(self, kind: Kind, sid: str) -> Report | None:
        """Nothing was ever sent."""
        return None

    async def close(self) -> None:
        """It holds nothing."""
