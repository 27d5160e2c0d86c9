"""How often somebody may try to get in: counted in the database, over all processes, by whom and by address."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Literal

import structlog
from tortoise.queryset import QuerySet

from outreach.errors import TooManyTries
from outreach.models import SignInTry
from outreach.models.sealing import keyed_hash

WINDOW = timedelta(hours=1)
MOST_FOR_ONE = {"code": 20, "session": 60, "password": 10, "link": 20}
"""Tries in a WINDOW for one number, name or link: codes asked for, codes shown, passwords, links."""
MOST_OF_PAIR = {"code": 5, "session": 20}
"""The same for one number from one address: who knows a number must not lock its owner out."""
MOST_FROM_ONE = {"code": 100, "session": 200, "password": 100, "link": 100}
"""The same from one address, behind which a whole station or a carrier's customers may sit."""
Way = Literal["code", "session", "password", "link"]
log = structlog.get_logger()


async def count_try(way: Way, hashed: str, address: str, now: datetime) -> None:
    """Write this try down, and raise TooManyTries where there were too many before it.

    Call it outside a transaction: a try counts even where it is refused.
    """
    one = await SignInTry.create(way=way, number_hash=hashed, address_hash=keyed_hash(f"address:{address}"), at=now)
    before = SignInTry.filter(way=way, at__gt=now - WINDOW, refused=False).exclude(id=one.id)
    whom = await _free_at(before.filter(number_hash=one.number_hash), MOST_FOR_ONE[way], now)
    place = await _free_at(before.filter(address_hash=one.address_hash), MOST_FROM_ONE[way], now)
    pair = before.filter(number_hash=one.number_hash, address_hash=one.address_hash)
    both = await _free_at(pair, MOST_OF_PAIR[way], now) if way in MOST_OF_PAIR else now
    wait_s = ceil((max(whom, place, both) - now).total_seconds())
    if wait_s:
        await SignInTry.filter(id=one.id).update(refused=True)
        log.info("sign_in_refused", way=way, by="number" if max(whom, both) > now else "address")
        raise TooManyTries(wait_s)


async def _free_at(tries: QuerySet[SignInTry], most: int, now: datetime) -> datetime:
    last = await tries.order_by("-at").limit(most).only("id", "at")
    return last[-1].at + WINDOW if len(last) == most else now
