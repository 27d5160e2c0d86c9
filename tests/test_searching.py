"""Cleo finds people by number, name, pinyin or part of an address; the database keeps hashes of these alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from tortoise.connection import get_connection

from outreach.models import Area, Resident, Responder, SearchToken
from outreach.models.searching import Whom, index_person
from outreach.models.spelling import parts_of_name
from outreach.models.states import AreaKind
from outreach.registry.correcting import Correction, put_right
from outreach.registry.phones import phone_of
from outreach.registry.residents import Given, find_or_make_resident
from outreach.registry.searching import rebuild, search
from outreach.settings import Settings
from tests.harness.cast import BEN_PHONE, call_the_cast

GUILAN = "郑桂兰"


async def guilan(now: datetime) -> Resident:
    """Zheng Guilan is warned of, in Willow Lane."""
    phone = phone_of("13800138000", "CN")
    given = Given(phone=phone, name=GUILAN, address="西湖区柳巷12号3单元501室")
    return (await find_or_make_resident(None, given, now)).resident


async def found(text: str, whom: Whom = Whom.RESIDENT, area: str | None = None) -> list[object]:
    """Who is found."""
    return list((await search(whom, text, "CN", area)).ids)


async def test_a_resident_is_found_by_number_name_pinyin_and_part_of_the_address(database: str, now: datetime) -> None:
    her = (await guilan(now)).id
    by_name = [GUILAN, "桂兰", "郑", "zheng guilan", "zhengguilan", "Zheng Gui Lan", "zgl", "guilan"]
    by_place = ["柳巷", "柳巷12号", "501室", "西湖区 3单元", "桂兰 柳巷"]
    for text in (*by_name, *by_place, "138 0013 8000", "+86 13800138000"):
        assert await found(text) == [her], text
    for text in ("郑兰", "wang", "柳巷13号", "桂兰 梅巷", "13800138001", "l"):
        assert await found(text) == [], text


async def test_a_new_address_is_found_as_soon_as_it_is_known(database: str, now: datetime) -> None:
    her = (await guilan(now)).id
    await put_right(her, Correction(address="梅花路7号"), now)
    assert await found("梅花路") == [her]
    phone = phone_of("13800138000", "CN")
    await find_or_make_resident(None, Given(phone=phone, name=GUILAN, address="竹园5幢"), now)
    assert await found("竹园") == [her]


async def test_nothing_of_a_name_or_address_can_be_read_in_the_table(database: str, now: datetime) -> None:
    await guilan(now)
    rows = await get_connection("default").execute_query_dict("SELECT * FROM search_token")
    assert len(rows) > 20
    assert not [row for row in rows for part in (GUILAN, "柳巷", "zgl", "501") if part == row["token"]]
    assert all(len(row["token"]) == 32 for row in rows)


async def test_an_area_limits_who_is_found_and_pages_follow_each_other(database: str, now: datetime) -> None:
    near = await Area.create(kind=AreaKind.DISTRICT, code="x_h", name="West Lake", path="/hz/x_h/")
    far = await Area.create(kind=AreaKind.DISTRICT, code="xxh", name="Elsewhere", path="/hz/xxh/")
    ids = []
    for number, area in enumerate((near, near, near, far)):
        her = await Resident.create(name=f"Ada {number}", area=area, made_at=now)
        await index_person(her.id, Whom.RESIDENT, her.name)
        ids.append(her.id)
    assert await found("ada", area="/hz/x_h/") == ids[:3]
    first = await search(Whom.RESIDENT, "ada", "CN", "/hz/x_h/", limit=2)
    rest = await search(Whom.RESIDENT, "ada", "CN", "/hz/x_h/", after=first.next, limit=2)
    assert (first.ids, rest.ids, rest.next) == (ids[:2], ids[2:3], None)


async def test_the_index_is_rebuilt_for_people_who_were_there_before_it(database: str, now: datetime) -> None:
    cast = await call_the_cast(Settings(country="GB"), now)
    assert await found("ada") == [] == await found("ben", Whom.RESPONDER)
    assert await rebuild() == await Resident.all().count() + await Responder.all().count()
    assert await found("ada") == [cast.ada.id] and await found("willow lane") == [cast.ada.id]
    assert await found("ben", Whom.RESPONDER) == [cast.ben.id] == await found(BEN_PHONE, Whom.RESPONDER)
    kept = await SearchToken.all().count()
    await rebuild()
    assert await SearchToken.all().count() == kept


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("单玉", {"shanyu", "sy", "dan", "单"}),
        ("吕布", {"lvbu", "lubu", "lyubu", "lb"}),
        ("Ada Lovelace", {"ada", "lovelace", "love", "adalovelace"}),
        ("𠮷野", {"𠮷野"}),
        ("", set()),
        ("···", set()),
    ],
)
def test_a_name_is_found_by_each_way_of_writing_it(name: str, parts: set[str]) -> None:
    assert parts <= parts_of_name(name)
    assert parts or not parts_of_name(name)
