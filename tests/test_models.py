from __future__ import annotations

from datetime import datetime

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from outreach.models import Area, Resident


async def test_a_name_is_sealed_in_the_table_and_plain_in_the_hand(database: str, now: datetime) -> None:
    await Resident.create(name="Ada Lovelace", made_at=now)
    assert (await Resident.get()).name == "Ada Lovelace"
    _, raw = await get_connection("default").execute_query("SELECT name FROM resident")
    assert "Ada" not in raw[0]["name"]


async def test_an_area_code_is_given_once(database: str) -> None:
    await Area.create(kind="city", code="hz", name="Hangzhou", path="/hz/")
    with pytest.raises(IntegrityError):
        await Area.create(kind="city", code="hz", name="Again", path="/hz/")
