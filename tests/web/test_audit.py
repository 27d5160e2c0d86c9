"""Every look at Ada's data can be read by the chief, and told to Ada."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest

from outreach.access import Caller
from outreach.access.looking import note_look
from outreach.models import Outreach, Resident, Responder, Unit
from outreach.models.states import TokenKind
from tests.conftest import NOON
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach


async def looked_at(cast: Cast) -> tuple[str, str]:
    """Ben takes the visit and looks; a minute later Cleo opens the case: the ids of Ada and of her case."""
    case = await an_outreach(cast)
    offer = await cast.offered(case)
    await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    cast.clock.advance(timedelta(minutes=1))
    await cast.ask("Cleo", "GET", f"/api/outreaches/{case}")
    return str((await Outreach.get(id=case)).resident_id), case


async def asked(cast: Cast, whose: str, **query: Any) -> dict[str, Any]:
    words = "&".join(f"{name.rstrip('_')}={quote(str(value))}" for name, value in query.items())
    answer = await cast.ask(whose, "GET", f"/api/audit?{words}")
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_the_chief_reads_who_looked_at_whose_data_and_when(cast: Cast) -> None:
    ada, case = await looked_at(cast)
    found = (await asked(cast, "Cleo as chief"))["looks"]
    who = [(look["who"]["kind"], look["who"]["name"]) for look in found]
    assert who == [("coordinator", "Cleo"), ("responder", "Ben")]
    assert {look["resident_id"] for look in found} == {ada} and {look["outreach_id"] for look in found} == {case}
    assert found[1]["task_id"] is not None and found[0]["at"] == cast.clock.now().isoformat().replace("+00:00", "Z")


async def test_looks_are_found_by_resident_by_person_and_by_time(cast: Cast) -> None:
    ada, _ = await looked_at(cast)
    now = cast.clock.now()
    chief = "Cleo as chief"
    assert len((await asked(cast, chief, resident=ada))["looks"]) == 2
    assert (await asked(cast, chief, resident=cast.ben.id))["looks"] == []
    assert [look["who"]["name"] for look in (await asked(cast, chief, who=cast.ben.id))["looks"]] == ["Ben"]
    assert [look["who"]["name"] for look in (await asked(cast, chief, from_=now.isoformat()))["looks"]] == ["Cleo"]
    assert [look["who"]["name"] for look in (await asked(cast, chief, to=now.isoformat()))["looks"]] == ["Ben"]


async def test_whoever_opens_a_case_by_a_link_saw_whose_it_is_and_that_is_noted_once(cast: Cast) -> None:
    case = await an_outreach(cast)
    for _ in range(3):
        view = await cast.ask("Cleo", "GET", f"/api/outreaches/{case}?masked=true")
        assert view.json()["resident"]["name"] == "Ada" and ADAS_PHONE not in view.text
        cast.clock.advance(timedelta(minutes=1))
    looks = (await asked(cast, "Cleo as chief", what="board"))["looks"]
    assert [len(look["people"]) for look in looks] == [1]


async def test_every_look_is_on_one_page_and_on_one_only(cast: Cast) -> None:
    _, case = await looked_at(cast)
    for _ in range(3):
        await cast.ask("Cleo", "GET", f"/api/outreaches/{case}")
    seen, cursor = [], {}
    while True:
        page = await asked(cast, "Cleo as admin", limit=2, **cursor)
        seen += [look["seq"] for look in page["looks"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == 5 and seen == sorted(set(seen), reverse=True)


async def test_looks_are_found_by_what_was_looked_at_and_those_at_a_double_are_told_with_the_others(
    cast: Cast,
) -> None:
    ada, _ = await looked_at(cast)
    await Resident.filter(id=ada).update(area_id=cast.area.id)
    await cast.ask("Cleo", "GET", f"/api/residents/{ada}")
    await cast.ask("Cleo", "GET", "/api/board")
    double = await Resident.create(name="Ada", area=cast.area, made_at=cast.clock.now(), merged_into=ada)
    await note_look(Caller(TokenKind.CHIEF, cast.ben.id, None, None), "search", [(double.id, cast.area.id)], NOON)
    for what, count in (("case", 2), ("record", 1), ("board", 1), ("search", 1)):
        found = (await asked(cast, "Cleo as chief", resident=ada, what=what))["looks"]
        assert [look["way"] for look in found] == [what] * count
    told = await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}&format=csv")
    assert sorted(row["how"] for row in csv.DictReader(StringIO(told.text))) == [
        "board",
        *["case"] * 2,
        "record",
        "search",
    ]


async def test_the_chief_of_another_area_reads_nothing_of_it(cast: Cast) -> None:
    ada, _ = await looked_at(cast)
    for query in ({}, {"resident": ada}, {"who": cast.ben.id}):
        assert (await asked(cast, "Dov as chief", **query))["looks"] == []
    told = await cast.ask("Dov as chief", "GET", f"/api/audit?resident={ada}&format=csv")
    assert told.text.splitlines() == ["at,who,organisation,outreach_id,how"]


async def test_ada_is_told_when_and_from_which_organisation_and_nobodys_name(cast: Cast) -> None:
    unit = await Unit.create(code="lake", name="=West Lake community", kind="community")
    await Responder.filter(id=cast.ben.id).update(unit_id=unit.id)
    ada, case = await looked_at(cast)
    told = await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}&format=csv")
    assert told.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(told.text)))
    assert [(row["who"], row["organisation"]) for row in rows] == [
        ("responder", "'=West Lake community"),
        ("coordinator", ""),
    ]
    assert {row["outreach_id"] for row in rows} == {case} and {row["how"] for row in rows} == {"case"}
    assert not [word for word in ("Ben", "Cleo", "Ada", ADAS_PHONE) if word in told.text]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("resident=Ada", "resident"),
        ("who=Ben", "who"),
        ("from=soon", "from"),
        ("what=gossip", "what"),
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("format=csv", "resident"),
        ("format=pdf", "format"),
    ],
)
async def test_what_cannot_be_asked_is_named(cast: Cast, query: str, field: str) -> None:
    answer = await cast.ask("Cleo as chief", "GET", f"/api/audit?{query}")
    assert answer.status_code == 422 and [fault["field"] for fault in answer.json()["errors"]] == [field]
