"""A warning comes in: once, whole, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from outreach.errors import (
    BadInput,
    DifferentContent,
    NeitherPhoneNorPlace,
    OtherResident,
    RealCaseLive,
    UnknownCategory,
    UnknownReference,
)
from outreach.intake import Received, parse_warning, receive_many, receive_warning
from outreach.models import (
    Address,
    Area,
    Attempt,
    Event,
    Notice,
    Outreach,
    Phone,
    Resident,
    Responder,
    Source,
    Target,
    Task,
    Unit,
    Warning,
)
from outreach.models.connecting import MODELS
from outreach.registry import seed
from outreach.settings import Settings

SETTINGS = Settings(country="CN", language="en")
ADA = "138 0013 8000"


@pytest.fixture
async def bank(database: str, now: datetime) -> Source:
    await seed(SETTINGS, now)
    unit = await Unit.create(code="bank", name="Bank", kind="bank")
    return await Source.create(unit=unit, code="bank", name="Bank")


def body(now: datetime, external_id: str = "w1", **other: Any) -> dict[str, Any]:
    plain = {
        "external_id": external_id,
        "category": "impersonation",
        "severity": "high",
        "summary": "On the phone with somebody who says they are police",
        "detected_at": now.isoformat(),
        "resident": {"phone": ADA, "name": "Ada", "address": "Wenxin 5", "location": {"lat": 30.28, "lon": 120.1}},
    }
    return {key: value for key, value in {**plain, **other}.items() if value is not ...}


async def post(source: Source, now: datetime, external_id: str = "w1", **other: Any) -> Received:
    return await receive_warning(parse_warning(body(now, external_id, **other))[0], source.id, SETTINGS, now)


async def dump() -> dict[str, list[dict[str, Any]]]:
    import importlib

    tables = {}
    for module in map(importlib.import_module, MODELS):
        for model in vars(module).values():
            if getattr(model, "_meta", None) is not None and getattr(model._meta, "db_table", "") and model._meta.db:
                name = model._meta.db_table
                _, rows = await get_connection("default").execute_query(f'SELECT * FROM "{name}"')
                tables[name] = sorted(map(str, map(dict, rows)))
    return tables


async def test_a_warning_is_kept_and_opens_an_outreach_to_the_resident(bank: Source, now: datetime) -> None:
    received = await post(bank, now)
    assert received.created and received.status == "open"
    warning = await Warning.get(id=received.warning_id)
    assert (warning.received_at, warning.detected_at) == (now, now)
    target = await Target.get(id=received.target_id).select_related("resident", "outreach__policy")
    assert target.outreach.id == received.outreach_id
    assert target.outreach.policy.name == "fraud_high"
    assert target.outreach.due_at == now
    assert target.resident.name == "Ada"
    assert (await Phone.get()).number == "+8613800138000"
    assert (await Address.get()).point == "30.280000,120.100000"


async def test_the_same_warning_twice_is_one_warning_with_the_same_ids(bank: Source, now: datetime) -> None:
    first = await post(bank, now)
    later = now + timedelta(minutes=3)
    in_shanghai = (now + timedelta(hours=8)).replace(tzinfo=None).isoformat() + "+08:00"
    form, _ = parse_warning(body(now, detected_at=in_shanghai, colour="red"))
    again = await receive_warning(form, bank.id, SETTINGS, later)
    assert again == Received(first.warning_id, first.target_id, first.outreach_id, "open", False)
    assert await Warning.all().count() == await Target.all().count() == await Resident.all().count() == 1


async def test_the_same_id_with_different_content_is_refused_and_the_first_stands(bank: Source, now: datetime) -> None:
    await post(bank, now)
    before = await dump()
    with pytest.raises(DifferentContent):
        await post(bank, now, severity="low")
    assert await dump() == before


async def test_twenty_posts_of_one_warning_at_once_make_one_warning_and_one_target(bank: Source, now: datetime) -> None:
    all_received = await asyncio.gather(*(post(bank, now) for _ in range(20)))
    assert len({received.warning_id for received in all_received}) == 1
    assert sum(received.created for received in all_received) == 1
    counts = [await model.all().count() for model in (Warning, Target, Outreach, Resident, Phone, Address)]
    assert counts == [1, 1, 1, 1, 1, 1]


async def test_twenty_warnings_about_one_person_at_once_join_one_outreach(bank: Source, now: datetime) -> None:
    all_received = await asyncio.gather(*(post(bank, now, f"w{i}") for i in range(20)))
    assert len({received.outreach_id for received in all_received}) == 1
    assert await Target.all().count() == 20
    assert await Resident.all().count() == await Outreach.all().count() == 1


async def test_two_warnings_about_a_known_person_at_once_join_one_outreach(bank: Source, now: datetime) -> None:
    ada = await Resident.create(name="Ada", made_at=now)
    await Phone.create(resident=ada, number="+8613800138000", number_hash="x", country="CN", made_at=now)
    who = {"id": str(ada.id)}
    all_received = await asyncio.gather(*(post(bank, now, f"w{i}", resident=who) for i in range(8)))
    assert len({received.outreach_id for received in all_received}) == 1


async def test_a_graver_warning_starts_the_ladder_again_and_a_milder_one_joins(bank: Source, now: datetime) -> None:
    first = await post(bank, now, severity="low")
    second = await post(bank, now, "w2", severity="high")
    third = await post(bank, now, "w3", severity="medium")
    assert first.outreach_id == second.outreach_id == third.outreach_id
    outreach = await Outreach.get().select_related("policy")
    assert (outreach.severity, outreach.round, outreach.policy.name) == ("high", 1, "fraud_high")


async def test_an_update_joins_as_an_alert_does(bank: Source, now: datetime) -> None:
    first = await post(bank, now)
    second = await post(bank, now, "w2", kind="update", references=["w1"])
    assert second.outreach_id == first.outreach_id and second.target_id != first.target_id


async def test_a_person_with_a_phone_and_no_place_is_warned_and_a_coordinator_is_asked_to_locate_once(
    bank: Source, now: datetime
) -> None:
    received = await post(bank, now, resident={"phone": ADA})
    await post(bank, now, "w2", resident={"phone": ADA})
    notice = await Notice.get()
    assert (notice.kind, notice.audience, notice.channel) == ("locate", "coordinator", "board")
    assert getattr(notice, "outreach_id", None) == received.outreach_id
    assert await Event.filter(kind="place_missing").count() == 1


async def test_a_place_known_to_be_wrong_is_no_place_and_the_warning_is_still_taken_in(
    bank: Source, now: datetime
) -> None:
    place = {"location": {"lat": 30.28, "lon": 120.1}}
    await post(bank, now, resident={"phone": ADA} | place)
    await Address.all().update(wrong_at=now)
    await post(bank, now, "w2", resident={"phone": ADA} | place)
    assert (await Notice.get()).kind == "locate"
    assert await Address.all().count() == 1


async def test_a_person_with_a_place_and_no_phone_is_taken_in(bank: Source, now: datetime) -> None:
    await post(bank, now, resident={"location": {"lat": 30.28, "lon": 120.1}})
    assert await Notice.all().count() == 0
    assert await Phone.all().count() == 0


async def test_the_nearest_grid_takes_the_case_and_none_does_when_it_is_far(bank: Source, now: datetime) -> None:
    await Area.create(kind="grid", code="g1", name="Grid 1", path="/g1/", lat=30.281, lon=120.101)
    await Area.create(kind="grid", code="g2", name="Grid 2", path="/g2/", lat=30.29, lon=120.11)
    await post(bank, now)
    assert (await Outreach.get().select_related("area")).area.code == "g1"
    far = await post(bank, now, "w2", resident={"phone": "13800138001", "location": {"lat": 31, "lon": 121}})
    assert (await Outreach.get(id=far.outreach_id).select_related("area")).area is None


async def test_a_source_may_name_its_own_customer_by_its_own_id(bank: Source, now: datetime) -> None:
    first = await post(bank, now, resident={"external_id": "c7", "phone": ADA})
    second = await post(bank, now, "w2", resident={"external_id": "c7"})
    assert first.outreach_id == second.outreach_id


async def test_a_cancel_withdraws_the_case_and_calls_off_whoever_is_on_the_way(bank: Source, now: datetime) -> None:
    first = await post(bank, now)
    assert first.outreach_id is not None
    await _ben_is_on_the_way(first.outreach_id, now)
    received = await post(bank, now, "w2", kind="cancel", references=["w1"], resident=...)
    assert received.created and received.status == "ended"
    assert (received.target_id, received.outreach_id) == (first.target_id, first.outreach_id)
    target = await Target.get()
    assert (target.end_state, target.end_reason) == ("withdrawn", "cancelled_by_source")
    assert (await Task.get()).status == "closed"
    assert await Notice.filter(audience="responder").count() == 1
    again = await post(bank, now, "w2", kind="cancel", references=["w1"], resident=...)
    assert again == Received(received.warning_id, received.target_id, received.outreach_id, "ended", False)


async def _ben_is_on_the_way(outreach_id: object, now: datetime) -> None:
    from outreach.models import Offer

    area = await Area.create(kind="grid", code="g9", name="Grid 9", path="/g9/")
    ben = await Responder.create(
        name="Ben", number="+8613900000001", number_hash="b", country="CN", role="volunteer", area=area,
        home_lat=30.0, home_lon=120.0, cell=1, load=1,
    )  # fmt: skip
    times = {"offered_at": now, "lapses_at": now, "settled_at": now}
    offer = await Offer.create(
        outreach_id=outreach_id, kind="visit", responder=ben, step=0, reason="n", code="1", status="accepted", **times
    )
    await Task.create(outreach_id=outreach_id, kind="visit", responder=ben, offer=offer, accepted_at=now, due_at=now)


async def test_a_cancel_leaves_a_case_open_that_another_warning_holds(bank: Source, now: datetime) -> None:
    await post(bank, now)
    second = await post(bank, now, "w2")
    await post(bank, now, "w3", kind="cancel", references=["w1"], resident=...)
    assert (await Outreach.get()).status == "open"
    assert (await Target.get(id=second.target_id)).ended_at is None


async def test_a_cancel_of_an_alert_takes_its_updates_along(bank: Source, now: datetime) -> None:
    await post(bank, now)
    await post(bank, now, "u1", kind="update", references=["w1"])
    await post(bank, now, "u2", kind="update", references=["u1"])
    received = await post(bank, now, "c1", kind="cancel", references=["w1"], resident=...)
    assert received.status == "ended" and (await Outreach.get()).end_state == "withdrawn"
    assert await Target.filter(end_reason="cancelled_by_source").count() == 3


async def test_an_update_of_two_alerts_stays_until_both_are_cancelled(bank: Source, now: datetime) -> None:
    await post(bank, now)
    await post(bank, now, "w2")
    await post(bank, now, "u1", kind="update", references=["w1", "w2"])
    await post(bank, now, "c1", kind="cancel", references=["w1"], resident=...)
    live = Target.filter(ended_at__isnull=True).order_by("warning__external_id")
    assert await live.values_list("warning__external_id", flat=True) == ["u1", "w2"]
    await post(bank, now, "c2", kind="cancel", references=["w2"], resident=...)
    assert (await Outreach.get()).status == "ended"


async def test_a_cancel_of_an_update_leaves_the_alert(bank: Source, now: datetime) -> None:
    await post(bank, now)
    await post(bank, now, "u1", kind="update", references=["w1"])
    await post(bank, now, "c1", kind="cancel", references=["u1"], resident=...)
    assert (await Outreach.get()).status == "open"
    assert (await Target.get(ended_at__isnull=True).select_related("warning")).warning.external_id == "w1"


async def test_an_update_about_somebody_else_than_its_alert_is_refused(bank: Source, now: datetime) -> None:
    await post(bank, now)
    before = await dump()
    eve = {"phone": "139 0013 9000", "name": "Eve", "address": "Wenxin 9"}
    with pytest.raises(OtherResident) as refused:
        await post(bank, now, "u1", kind="update", references=["w1"], resident=eve)
    assert [fault.field for fault in refused.value.faults] == ["references.0"]
    assert await dump() == before


async def test_nobody_cancels_the_warning_of_another_source(bank: Source, now: datetime) -> None:
    await post(bank, now)
    unit = await Unit.create(code="dov", name="Dov", kind="bank")
    dov = await Source.create(unit=unit, code="dov", name="Dov")
    before = await dump()
    with pytest.raises(UnknownReference) as refused:
        await post(dov, now, kind="cancel", references=["w1"], resident=...)
    assert [fault.field for fault in refused.value.faults] == ["references.0"]
    assert await dump() == before


async def test_a_real_warning_ends_an_exercise_and_an_exercise_never_joins_a_real_case(
    bank: Source, now: datetime
) -> None:
    drill = await post(bank, now, exercise=True)
    real = await post(bank, now, "w2")
    assert real.outreach_id != drill.outreach_id and real.status == "open"
    assert (await Outreach.get(id=drill.outreach_id)).end_reason == "exercise_overtaken"
    with pytest.raises(RealCaseLive):
        await post(bank, now, "w3", exercise=True)


def _location(lat: object, lon: object) -> dict[str, object]:
    return {"phone": ADA, "location": {"lat": lat, "lon": lon}}


BAD: list[tuple[str, Callable[[datetime], dict[str, Any]], type[BadInput], list[str]]] = [
    ("no id", lambda now: {"external_id": ...}, BadInput, ["external_id"]),
    ("an id with a NUL", lambda now: {"external_id": "a\x00b"}, BadInput, ["external_id"]),
    ("half a character", lambda now: {"external_id": "\ud800"}, BadInput, ["external_id"]),
    ("a severity of its own", lambda now: {"severity": "huge"}, BadInput, ["severity"]),
    ("no summary", lambda now: {"summary": None}, BadInput, ["summary"]),
    ("a time without a zone", lambda now: {"detected_at": "2026-11-24T12:00:00"}, BadInput, ["detected_at"]),
    ("a time as a number", lambda now: {"detected_at": 1700000000}, BadInput, ["detected_at"]),
    ("the year one", lambda now: {"detected_at": "0001-01-01T00:00:00+14:00"}, BadInput, ["detected_at"]),
    (
        "a time to come",
        lambda now: {"detected_at": (now + timedelta(minutes=6)).isoformat()},
        BadInput,
        ["detected_at"],
    ),
    ("an end before its start", lambda now: {"expires_at": "2026-11-24T03:00:00Z"}, BadInput, ["expires_at"]),
    ("an unknown kind", lambda now: {"kind": "rumour"}, BadInput, ["kind"]),
    ("nobody", lambda now: {"resident": ...}, BadInput, ["resident"]),
    ("a cancel of nothing", lambda now: {"kind": "cancel"}, BadInput, ["references"]),
    ("an update of nothing", lambda now: {"kind": "update"}, BadInput, ["references"]),
    (
        "an update of what never came",
        lambda now: {"kind": "update", "references": ["before", "never"]},
        UnknownReference,
        ["references.1"],
    ),
    ("an update of itself", lambda now: {"kind": "update", "references": ["bad"]}, UnknownReference, ["references.0"]),
    ("an unknown category", lambda now: {"category": "ufo"}, UnknownCategory, ["category"]),
    ("a phone of letters", lambda now: {"resident": {"phone": "call me"}}, BadInput, ["resident.phone"]),
    ("a phone too short", lambda now: {"resident": {"phone": "1380"}}, BadInput, ["resident.phone"]),
    ("a place off the globe", lambda now: {"resident": _location(91, 0)}, BadInput, ["resident.location.lat"]),
    ("half a place", lambda now: {"resident": {"location": {"lat": 1}}}, BadInput, ["resident.location.lon"]),
    ("a stranger's id", lambda now: {"resident": {"id": str(uuid4())}}, BadInput, ["resident.id"]),
    ("an id that is none", lambda now: {"resident": {"id": "7"}}, BadInput, ["resident.id"]),
    (
        "neither phone nor place",
        lambda now: {"resident": {"external_id": "c1", "name": "Ada", "phone": " "}},
        NeitherPhoneNorPlace,
        ["resident.phone", "resident.address"],
    ),
]


@pytest.mark.parametrize(("said", "wrong", "error", "fields"), BAD, ids=[case[0] for case in BAD])
async def test_bad_input_is_named_field_by_field_and_changes_nothing(
    bank: Source,
    now: datetime,
    said: str,
    wrong: Callable[[datetime], dict[str, Any]],
    error: type[BadInput],
    fields: list[str],
) -> None:
    await post(bank, now, "before")
    before = await dump()
    with pytest.raises(BadInput) as refused:
        await post(bank, now, **{"external_id": "bad", **wrong(now)})
    assert type(refused.value) is error
    assert [fault.field for fault in refused.value.faults] == fields
    assert await dump() == before
    assert "Ada" not in str(refused.value) + str(refused.value.faults)


async def test_fields_nobody_knows_are_accepted_and_listed(now: datetime) -> None:
    given = body(now, colour="red", resident={"phone": ADA, "shoe": 43, "location": {"lat": 1, "lon": 2, "alt": 3}})
    _, ignored = parse_warning(given)
    assert ignored == ["colour", "resident.shoe", "resident.location.alt"]
    for nothing in (None, [], "text", 7):
        with pytest.raises(BadInput):
            parse_warning(nothing)


async def test_a_list_is_taken_in_one_by_one_and_a_bad_one_spoils_no_other(bank: Source, now: datetime) -> None:
    items = await receive_many(
        [body(now, "w1"), body(now, "w2", category="ufo"), "nonsense", body(now, "w1", x=1), body(now, "w3")],
        bank.id,
        SETTINGS,
        now,
    )
    assert [
        item.refusal.code if item.refusal else item.received.created for item in items if item.received or item.refusal
    ] == [
        True,
        "UnknownCategory",
        "BadInput",
        False,
        True,
    ]
    assert [item.index for item in items] == [0, 1, 2, 3, 4]
    assert items[3].ignored == ["x"]
    assert await Warning.all().count() == 2
    with pytest.raises(BadInput):
        await receive_many([{}] * 1001, bank.id, SETTINGS, now)
    assert await Attempt.all().count() == 0
