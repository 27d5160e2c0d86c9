"""People and places: who is known, and what the installation ships with."""

from __future__ import annotations

import json
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from outreach.errors import BadInput, MisSet
from outreach.models import Address, Area, Category, EscalationPolicy, Phone, Resident, Responder, Source, Unit
from outreach.models.states import Severity
from outreach.policy import parse_policy
from outreach.registry import Given, Matched, find_or_make_resident, import_rows, phone_of, policy_for, seed
from outreach.settings import Settings

SETTINGS = Settings(country="CN", language="zh-CN")
SHIPPED = Path(__file__).parent.parent / "outreach" / "policies"


async def a_source(code: str = "bank") -> Source:
    unit = await Unit.create(code=code, name=code, kind="bank")
    return await Source.create(unit=unit, code=code, name=code)


async def match(source: Source, now: datetime, phone: str | None = "13800138000", **given: Any) -> Matched:
    number = phone_of(phone, "CN") if phone else None
    async with in_transaction():
        return await find_or_make_resident(source.id if source else None, Given(phone=number, **given), now)


# Phones


async def test_a_number_is_the_same_number_however_it_is_written(database: str) -> None:
    written = ["13800138000", "+86 138 0013 8000", "0086-138-0013-8000", "+8613800138000"]
    assert {phone_of(text, "CN").e164 for text in written} == {"+8613800138000"}
    assert phone_of("+44 20 7946 0000", "CN").country == "GB"
    for wrong in ("", "call me", "110", "138001380001380013800"):
        with pytest.raises(BadInput) as refused:
            phone_of(wrong, "CN", "resident.phone")
        assert refused.value.faults[0].field == "resident.phone"


# Categories and policies


async def test_an_installation_begins_with_what_is_shipped_and_seeding_again_changes_nothing(
    database: str, now: datetime
) -> None:
    await seed(SETTINGS, now)
    before = [await Category.all().order_by("code").values(), await EscalationPolicy.all().order_by("name").values()]
    await seed(SETTINGS, now + timedelta(days=1))
    assert before == [
        await Category.all().order_by("code").values(),
        await EscalationPolicy.all().order_by("name").values(),
    ]
    category = await Category.get(code="impersonation")
    assert (category.name, category.family) == ("冒充公检法或银行", "fraud")
    assert category.outcomes[0]["code"] == "convinced" and category.outcomes[0]["ends"] == "convinced"
    for part in ("names", "scripts", "say", "keep_back", "door"):
        assert set(category.scripts[part]) == {"en", "zh-CN"}, part
    assert {parse_policy(p.body, p.name).name for p in await EscalationPolicy.all()} >= {"fraud_high", "welfare_high"}


async def test_a_changed_policy_is_a_new_version_and_so_is_one_that_comes_back(
    database: str, now: datetime, tmp_path: Path
) -> None:
    for file in SHIPPED.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    ours = Settings(policies_dir=tmp_path)
    await seed(ours, now)
    file = tmp_path / "fraud_high.yaml"
    first = file.read_text(encoding="utf-8")
    file.write_text(first.replace("gives_up_after: 24h", "gives_up_after: 12h"), encoding="utf-8")
    await seed(ours, now + timedelta(hours=1))
    changed = await policy_for("fraud", Severity.HIGH)
    assert (changed.version, changed.body["gives_up_after"]) == (2, "12h")
    file.write_text(first, encoding="utf-8")
    await seed(ours, now + timedelta(hours=2))
    await seed(ours, now + timedelta(hours=3))
    assert (await policy_for("fraud", Severity.HIGH)).version == 3
    assert await EscalationPolicy.filter(name="fraud_high").count() == 3


async def test_a_policy_with_a_fault_is_named_and_nothing_is_installed(
    database: str, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "ours.yaml").write_text("name: ours\nfamily: fraud\nsteps: 3\n")
    with pytest.raises(MisSet, match=r"ours\.yaml.*severity"):
        await seed(Settings(policies_dir=tmp_path), now)
    (tmp_path / "ours.yaml").write_text("name: [")
    with pytest.raises(MisSet, match=r"ours\.yaml"):
        await seed(Settings(policies_dir=tmp_path), now)
    (tmp_path / "ours.yaml").unlink()
    with pytest.raises(MisSet, match="POLICIES_DIR"):
        await seed(Settings(policies_dir=tmp_path), now)
    assert await Category.all().count() == await EscalationPolicy.all().count() == 0


async def test_where_no_policy_fits_the_severity_the_next_graver_one_is_followed(database: str, now: datetime) -> None:
    await seed(SETTINGS, now)
    assert (await policy_for("fraud", Severity.LOW)).name == "fraud_low"
    assert (await policy_for("welfare", Severity.LOW)).severity is Severity.HIGH
    await EscalationPolicy.filter(family="fraud", severity="high").update(family="other")
    assert (await policy_for("fraud", Severity.HIGH)).name == "fraud_medium"
    with pytest.raises(MisSet):
        await policy_for("flood", Severity.HIGH)


# Residents


async def test_a_person_is_known_again_by_the_sources_own_id_then_by_phone(database: str, now: datetime) -> None:
    bank, telecom = await a_source(), await a_source("telecom")
    ada = (await match(bank, now, external_id="c1", name="Ada")).resident
    assert (await match(bank, now, "13900000000", external_id="c1")).resident.id == ada.id
    assert (await match(telecom, now, external_id="t9")).resident.id == ada.id
    assert (await match(telecom, now, "13900000000")).resident.id == ada.id
    assert await Resident.all().count() == 1


async def test_on_a_shared_phone_the_name_decides(database: str, now: datetime) -> None:
    bank = await a_source()
    ada = await match(bank, now, name="Ada Li")
    dora = await match(bank, now, name="Dora Li")
    assert ada.made and not ada.possible_double
    assert dora.made and dora.possible_double
    assert dora.resident.possible_double_of_id == ada.resident.id
    assert (await match(bank, now, name="ＡＤＡ  li")).resident.id == ada.resident.id
    nameless = await match(bank, now)
    assert nameless.made and nameless.possible_double
    assert (await match(bank, now)).resident.id == nameless.resident.id


async def test_two_customers_of_one_bank_on_one_phone_stay_two_people(database: str, now: datetime) -> None:
    bank = await a_source()
    first = await match(bank, now, external_id="c1")
    second = await match(bank, now, external_id="c2")
    assert second.made and second.possible_double
    assert second.resident.id != first.resident.id


async def test_a_warning_adds_to_what_is_known_and_overwrites_nothing(database: str, now: datetime) -> None:
    bank = await a_source()
    await match(bank, now, external_id="c1", name="Ada", language="en", address="Wenxin 5")
    await match(bank, now, "13900000000", external_id="c1", name="Adah", language="zh-CN", address="Gudun 7")
    ada = await Resident.get()
    assert (ada.name, ada.language) == ("Ada", "en")
    assert {phone.number for phone in await Phone.all()} == {"+8613800138000", "+8613900000000"}
    assert {address.text for address in await Address.all()} == {"Wenxin 5", "Gudun 7"}
    assert {row.origin for row in [*await Phone.all(), *await Address.all()]} == {"warning"}


async def test_a_number_that_was_wrong_finds_nobody(database: str, now: datetime) -> None:
    bank = await a_source()
    ada = (await match(bank, now, name="Ada")).resident
    await Phone.all().update(wrong_at=now)
    other = await match(bank, now, name="Ada")
    assert other.made and other.resident.id != ada.id


# Imports

RESIDENTS = """external_id,name,phone,language,address,lat,lon,area,shoe
r1,Ada,13800138000,en,Wenxin 5,30.28,120.1,g1,43
r2,Eve,13800138001,,,,,,
r3,,,,,,,,
r1,Ada again,13800138000,,,,,,
r4,Fay,letters,,,,,,
r5,Gil,13800138005,,,95,120,,
r6,Hal,13800138006,,,,,nowhere,
"""
RESPONDERS = """external_id,name,phone,role,languages,trained,area,lat,lon,capacity,vetted_until
b1,Ben,13900000001,volunteer,zh-CN|en,impersonation|welfare,g1,30.28,120.1,2,2027-01-31
b2,Bea,13900000001,volunteer,,,g1,30.28,120.1,,
b3,Bo,13900000003,king,,,g1,30.28,120.1,,
b4,Bud,13900000004,officer,,juggling,g1,30.28,120.1,,
"""


async def _city() -> None:
    await Area.create(kind="grid", code="g1", name="Grid 1", path="/g1/", lat=30.28, lon=120.1)


async def test_an_import_is_a_dry_run_that_says_what_would_change_and_names_each_bad_row(
    database: str, now: datetime, tmp_path: Path
) -> None:
    await _city()
    file = tmp_path / "residents.csv"
    file.write_text(RESIDENTS, encoding="utf-8")
    report = await import_rows("residents", file, apply=False, now=now)
    assert (report.created, report.changed, report.unchanged) == (2, 0, 0)
    assert [line for line, _ in report.bad] == [4, 5, 6, 7, 8]
    assert "already" in report.bad[1][1] and report.bad[2][1].startswith("phone") and "lat" in report.bad[3][1]
    assert not any(secret in str(report.bad) for secret in ("letters", "Ada", "13800138000"))
    assert await Resident.all().count() == 0
    applied = await import_rows("residents", file, apply=True, now=now)
    assert applied == report
    ada = await Resident.get(external_id="r1").prefetch_related("phones", "addresses", "area")
    assert (ada.name, ada.phones[0].number, ada.addresses[0].text) == ("Ada", "+8613800138000", "Wenxin 5")
    assert ada.area is not None and ada.area.code == "g1" and ada.addresses[0].point == "30.280000,120.100000"


async def test_a_second_import_changes_only_what_differs(database: str, now: datetime, tmp_path: Path) -> None:
    await _city()
    file, done = tmp_path / "residents.csv", list[int]()
    file.write_text(RESIDENTS, encoding="utf-8")
    await import_rows("residents", file, apply=True, now=now)
    file.write_text(RESIDENTS.replace("Wenxin 5", "Wenxin 6").replace("en,", "zh-CN,"), encoding="utf-8")
    report = await import_rows("residents", file, apply=True, now=now, progress=done.append)
    assert (report.created, report.changed, report.unchanged) == (0, 1, 1)
    assert report.listed == [(2, "r1", "changed: language, address")]
    assert done == [file.stat().st_size]
    assert await Address.all().count() == 1
    again = await import_rows("residents", file, apply=True, now=now)
    assert (again.changed, again.unchanged) == (0, 2)


async def test_an_address_found_wrong_stays_so_until_the_register_names_another(
    database: str, now: datetime, tmp_path: Path
) -> None:
    await _city()
    file, later = tmp_path / "residents.csv", now + timedelta(hours=1)
    file.write_text(RESIDENTS, encoding="utf-8")
    await import_rows("residents", file, apply=True, now=now)
    await Address.all().update(wrong_at=now)
    await import_rows("residents", file, apply=True, now=later)
    assert (await Address.get()).wrong_at == now
    file.write_text(RESIDENTS.replace("Wenxin 5", "Wenxin 6"), encoding="utf-8")
    await import_rows("residents", file, apply=True, now=later)
    known = await Address.get()
    assert (known.text, known.wrong_at, known.made_at) == ("Wenxin 6", None, later)


async def test_responders_come_in_with_what_they_can_do(database: str, now: datetime, tmp_path: Path) -> None:
    await _city()
    await seed(SETTINGS, now)
    file = tmp_path / "responders.csv"
    file.write_text(RESPONDERS, encoding="utf-8")
    report = await import_rows("responders", file, apply=True, now=now)
    assert report.created == 1
    assert [(line, reason.split(":")[0]) for line, reason in report.bad] == [(3, "phone"), (4, "role"), (5, "trained")]
    ben = await Responder.get().select_related("area")
    assert (ben.languages, ben.language, ben.trained) == (["zh-CN", "en"], "zh-CN", ["impersonation", "welfare"])
    assert (ben.capacity, ben.area.code, ben.number) == (2, "g1", "+8613900000001")
    assert ben.vetted_until == datetime.fromisoformat("2027-01-31T23:59:59+00:00")
    await Responder.all().update(load=2)
    file.write_text(RESPONDERS.replace("120.1,2,", "120.1,1,"), encoding="utf-8")
    report = await import_rows("responders", file, apply=True, now=now)
    assert report.bad[0] == (2, "capacity: they hold more than that now")
    file.write_text(RESPONDERS.replace("30.28", "31.28"), encoding="utf-8")
    old_cell = ben.cell
    report = await import_rows("responders", file, apply=True, now=now)
    assert report.listed == [(2, "b1", "changed: home_lat")]
    assert (await Responder.get()).cell != old_cell


async def test_areas_come_in_below_their_parents(database: str, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(
        "code,parent,kind,name,lat,lon,time_zone\nhz,,city,杭州,30.2,120.1,Asia/Shanghai\nxh,hz,district,西湖,,,\n"
        "g1,xh,grid,Grid,30.2,120.1,\ng2,nope,grid,Lost,,,\nhz2,g1,city,Odd,,,\nm,hz,grid,Moon,,,Moon/Sea\n",
        encoding="utf-8",
    )
    dry = await import_rows("areas", file, apply=False, now=now)
    assert dry == await import_rows("areas", file, apply=True, now=now)
    assert dry.created == 3 and [line for line, _ in dry.bad] == [5, 6, 7]
    grid = await Area.get(code="g1").select_related("parent")
    assert grid.path == "/hz/xh/g1/" and grid.parent is not None and grid.parent.code == "xh"
    assert (await import_rows("areas", file, apply=True, now=now)).unchanged == 3


async def test_areas_come_in_with_their_shapes_from_geojson(database: str, now: datetime, tmp_path: Path) -> None:
    ring = [[120.0, 30.0], [120.2, 30.0], [120.2, 30.2], [120.0, 30.2]]
    feature = {
        "type": "Feature",
        "properties": {"code": "hz", "kind": "city", "name": "Hangzhou", "extra": [1]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, {"type": "Feature"}]}))
    report = await import_rows("areas", file, apply=True, now=now)
    assert report.created == 1 and report.bad[0][0] == 2
    area = await Area.get()
    assert area.boundary == feature["geometry"] and (area.lat, area.lon) == pytest.approx((30.1, 120.1))


async def test_a_file_that_cannot_be_read_is_refused_as_a_whole(database: str, now: datetime, tmp_path: Path) -> None:
    bad = {
        "gbk.csv": "external_id,name\nr1,阿达\n".encode("gbk"),
        "cells.csv": b"who,where\n1,2\n",
        "half.geojson": b'{"features": [{"type": "Feature", "prop',
        "none.geojson": b'{"hello": 1}',
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput):
            await import_rows("residents", tmp_path / name, apply=True, now=now)
    with pytest.raises(BadInput):
        await import_rows("residents", tmp_path / "absent.csv", apply=True, now=now)


@pytest.mark.slow
async def test_a_large_file_comes_in_without_being_held_in_memory(database: str, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("external_id,name,phone,address\n")
        out.writelines(f"r{n},Name {n},138{n:08d},Street {n}\n" for n in range(5000))
    tracemalloc.start()
    report = await import_rows("residents", file, apply=True, now=now)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.created == 5000 and await Phone.all().count() == 5000
    assert peak < 40_000_000
