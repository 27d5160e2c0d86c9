"""Group commit: whoever waits shares a transaction, and nobody suffers by another's failure."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from outreach.models import Area
from outreach.models.together import MOST, together


async def keep(code: str) -> UUID:
    """One row, whose code must be new."""
    return (await Area.create(kind="grid", code=code, name=code, path=f"/{code}/")).id


async def kept() -> set[str]:
    return {str(code) for code in await Area.all().values_list("code", flat=True)}


async def test_everybody_who_waits_is_answered_with_their_own_row(database: str, now: datetime) -> None:
    codes = [f"g{number}" for number in range(2 * MOST + 7)]
    ids = await asyncio.gather(*(together(lambda code=code: keep(code)) for code in codes))
    found = {area.id: area.code for area in await Area.all()}
    assert [found[each] for each in ids] == codes


async def test_one_that_fails_is_told_so_and_the_others_are_kept(database: str, now: datetime) -> None:
    await keep("taken")
    codes = ["a", "b", "taken", "c"]
    told = await asyncio.gather(*(together(lambda code=code: keep(code)) for code in codes), return_exceptions=True)
    assert [isinstance(each, IntegrityError) for each in told] == [False, False, True, False]
    assert await kept() == {"taken", "a", "b", "c"}


async def test_those_who_wait_come_one_after_another_in_their_order(database: str, now: datetime) -> None:
    order: list[str] = []

    async def note(code: str) -> None:
        order.append(code)
        await keep(code)

    await asyncio.gather(*(together(lambda code=code: note(code)) for code in ("a", "b", "c")))
    assert order == ["a", "b", "c"]


async def test_work_within_a_transaction_is_part_of_it_and_undone_with_it(database: str, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await together(lambda: keep("undone"))
            raise ZeroDivisionError
    assert await kept() == set()


async def test_whoever_stops_waiting_leaves_the_others_served(database: str, now: datetime) -> None:
    gone = asyncio.create_task(together(lambda: keep("gone")))
    stays = asyncio.create_task(together(lambda: keep("stays")))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert "stays" in await kept()
    await together(lambda: keep("later"))
    assert {"stays", "later"} <= await kept()
