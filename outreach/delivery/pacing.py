"""Limits on how fast rows leave, held in the database so that all processes together keep them.

Each limit is a row that says up to which moment what has left uses it up (the generic cell rate algorithm of ITU-T
I.371): sending moves that moment on, and as long as it lies less than BURST ahead, more may leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from outreach.messaging.pacing import Rates
from outreach.models.statements import fetch, moment_in

BURST = timedelta(seconds=1)
"""What one second lets through may leave at once."""
LONGEST, SEGMENTS_AT_ONCE = timedelta(seconds=30), 20

LOOK = """
    INSERT INTO pace (id, used_until) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE
        SET used_until = CASE WHEN pace.used_until < $2 THEN $2 WHEN pace.used_until > $3 THEN $3
            ELSE pace.used_until END
    RETURNING used_until"""
"""Locks the limit's row until the transaction ends. What lies too far ahead was written by a clock that was wrong."""
USE = "UPDATE pace SET used_until = $2 WHERE id = $1"


@dataclass(frozen=True)
class Limit:
    """So many rows a second (`per_s`, above 0) under the name `key`."""

    key: str
    per_s: float

    @property
    def apart(self) -> timedelta:
        """From one row to the next."""
        return timedelta(seconds=1 / self.per_s)

    @property
    def burst(self) -> timedelta:
        """How far ahead the row may lie: a slow limit still lets one through."""
        return max(BURST, self.apart)

    @property
    def farthest(self) -> timedelta:
        """How far ahead the row can come to lie by what has left: a batch of long texts, and no more."""
        return self.burst + max(LONGEST, self.apart * SEGMENTS_AT_ONCE)


class Budget:
    """What is left of some limits at a moment, inside the transaction that uses it up."""

    def __init__(self, used: dict[Limit, datetime], now: datetime) -> None:
        self._used, self._now = used, now

    def left(self, limits: Iterable[Limit], most: int) -> int:
        """How many rows may leave under all of these limits, `most` at most."""
        return max(0, min([most, *(self._left(limit) for limit in limits)]))

    def _left(self, limit: Limit) -> int:
        free = self._now + limit.burst - self._used[limit]
        # A hair of tolerance: a third of a second three times is a second.
        return int(free / limit.apart + 1e-6)

    def use(self, limits: Iterable[Limit], count: int) -> None:
        """So many rows leave under these limits."""
        for limit in limits:
            self._used[limit] += limit.apart * count

    async def keep(self) -> None:
        """Write down what was used."""
        for limit, used in self._used.items():
            await fetch(USE, limit.key, used)


async def budget(limits: Iterable[Limit], now: datetime) -> Budget:
    """What these limits leave now; their rows stay locked, in one order for all, until the transaction ends."""
    used: dict[Limit, datetime] = {}
    for limit in sorted(set(limits), key=lambda limit: limit.key):
        [row] = await fetch(LOOK, limit.key, now, now + limit.farthest)
        until = moment_in(row["used_until"])
        assert until is not None
        used[limit] = until
    return Budget(used, now)


async def charge(more: Mapping[str, int], rates: Rates, now: datetime) -> None:
    """Texts that were claimed took so many segments more, by country: what comes next waits for them."""
    used = {Limit("sms", rates.overall): sum(more.values())} if rates.overall else {}
    used |= {Limit(f"sms:{code}", per_s): more[code] for code, per_s in rates.countries.items() if code in more}
    if any(used.values()):
        async with in_transaction():
            left = await budget(used, now)
            for limit, count in used.items():
                left.use([limit], count)
            await left.keep()
