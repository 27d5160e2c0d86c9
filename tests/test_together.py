"""Group commit: whoever waits shares a transaction, and nobody suffers by another's failure."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from outreach.models import Area, Unit
from outreach.models.together import MOST, Insert, together


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


UNITS = Insert("unit", ("id", "code", "name", "kind"))


async def unit(code: str) -> None:
    await UNITS.write([(uuid4(), code, code, "bank")])


async def units() -> list[str]:
    return [str(code) for code in await Unit.all().order_by("code").values_list("code", flat=True)]


async def test_rows_that_nobody_reads_meanwhile_are_all_there_when_everybody_is_answered(
    database: str, now: datetime
) -> None:
    codes = [f"u{number:03}" for number in range(MOST + 7)]
    await asyncio.gather(*(together(lambda code=code: unit(code)) for code in codes))
    assert await units() == codes


async def test_one_whose_row_is_refused_at_the_end_is_told_so_and_the_others_are_kept(
    database: str, now: datetime
) -> None:
    await unit("taken")
    codes = ["a", "taken", "b"]
    told = await asyncio.gather(*(together(lambda code=code: unit(code)) for code in codes), return_exceptions=True)
    assert [isinstance(each, IntegrityError) for each in told] == [False, True, False]
    assert await units() == ["a", "b", "taken"]


async def test_a_row_of_work_that_was_undone_is_not_kept(database: str, now: datetime) -> None:
    async def fails() -> None:
        await unit("undone")
        raise ZeroDivisionError

    told = await asyncio.gather(
        together(lambda: unit("kept")), together(fails), together(lambda: unit("too")), return_exceptions=True
    )
    assert isinstance(told[1], ZeroDivisionError)
    assert await units() == ["kept", "too"]
