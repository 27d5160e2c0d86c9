"""Cleo finds the people of her area, puts right what is known of them, and every look at them can be read."""

from __future__ import annotations

from typing import Any

from outreach.models import LookShown, Resident, Responder, SearchToken
from outreach.models.searching import Whom, index_anew
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach


async def adas_id(cast: Cast) -> str:
    """Ada, of whom the bank warned, in Cleo's district."""
    await an_outreach(cast)
    ada = await Resident.get()
    await Resident.filter(id=ada.id).update(area_id=cast.area.id)
    return str(ada.id)


async def found(cast: Cast, whose: str, text: str, people: str = "residents") -> list[dict[str, Any]]:
    """Whom this coordinator finds."""
    answer = await cast.ask(whose, "POST", f"/api/{people}/search", json={"text": text})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()[people]
    return rows


def put_back(record: dict[str, Any]) -> dict[str, Any]:
    """The form that changes nothing of a resident's record."""
    return {
        "name": record["name"],
        "language": record["language"],
        "area": record["area"]["code"],
        "vulnerabilities": record["vulnerabilities"],
        "phones": [{"id": each["id"], "number": each["number"], "kind": each["kind"]} for each in record["phones"]],
    }


async def test_ada_is_found_in_her_area_and_by_nobody_of_another(cast: Cast) -> None:
    ada = await adas_id(cast)
    for text in ("ada", ADAS_PHONE, ""):
        assert [(row["id"], row["name"]) for row in await found(cast, "Cleo", text)] == [(ada, "Ada")], text
        assert await found(cast, "Dov", text) == []


async def test_each_look_is_read_by_the_chief_of_her_area_and_told_to_ada(cast: Cast) -> None:
    ada = await adas_id(cast)
    await found(cast, "Cleo", "ada")
    await found(cast, "Cleo", "nobody at all")
    await cast.ask("Cleo", "GET", f"/api/residents/{ada}")
    audit = (await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}")).json()["looks"]
    assert sorted((look["way"], *look["people"], look["who"]["name"]) for look in audit) == [
        ("record", ada, "Cleo"),
        ("search", ada, "Cleo"),
    ]
    assert (await cast.ask("Dov as chief", "GET", "/api/audit")).json()["looks"] == []
    told = (await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}&format=csv")).text.splitlines()
    assert len(told) == 3 and all("Ada" not in line and "Cleo" not in line for line in told)


async def test_looks_in_cases_and_in_the_registry_follow_each_other_page_by_page(cast: Cast) -> None:
    ada = await adas_id(cast)
    case = (await cast.ask("Cleo", "GET", "/api/outreaches")).json()["outreaches"][0]["id"]
    for _ in range(3):
        await found(cast, "Cleo", "ada")
        await cast.ask("Cleo", "GET", f"/api/outreaches/{case}")
    seen, cursor = [], ""
    while True:
        page = (await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}&limit=2{cursor}")).json()
        seen += [(look["at"], look["seq"] or look["id"]) for look in page["looks"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    whole = (await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}")).json()["looks"]
    assert seen == [(look["at"], look["seq"] or look["id"]) for look in whole] and len(set(seen)) == len(seen) >= 4


async def test_a_record_is_put_right_and_found_by_what_is_right(cast: Cast) -> None:
    ada = await adas_id(cast)
    record = (await cast.ask("Cleo", "GET", f"/api/residents/{ada}")).json()
    eve = {"name": "Eve", "number": "+14155550199", "relation": "daughter", "may_be_told": "please_call"}
    said = put_back(record) | {
        "name": "郑桂兰",
        "addresses": [{"text": "2 Willow Lane", "lat": 30.25, "lon": 120.15}],
        "trusted_contacts": [eve],
    }
    read = (await cast.ask("Cleo", "GET", f"/api/residents/{ada}")).headers["ETag"]
    answer = await cast.ask("Cleo", "PUT", f"/api/residents/{ada}", json=said, headers={"If-Match": read})
    assert answer.status_code == 200, answer.text
    assert (
        [row["id"] for row in await found(cast, "Cleo", "zheng guilan")]
        == [ada]
        == [row["id"] for row in await found(cast, "Cleo", "willow lane")]
    )
    assert await found(cast, "Cleo", "ada") == []
    # Nobody said that Eve may be told.
    assert answer.json()["trusted_contacts"][0]["consent_at"] is None


async def test_who_comes_second_is_refused_and_overwrites_nothing(cast: Cast) -> None:
    ada = await adas_id(cast)
    read = (await cast.ask("Cleo", "GET", f"/api/residents/{ada}")).headers["ETag"]
    said = put_back((await cast.ask("Cleo", "GET", f"/api/residents/{ada}")).json())
    answers = [
        await cast.ask("Cleo", "PUT", f"/api/residents/{ada}", json=said | {"name": name}, headers={"If-Match": read})
        for name in ("Ada Lovelace", "Ada Byron")
    ]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert (await Resident.get()).name == "Ada Lovelace"


async def test_a_wrong_number_is_marked_and_kept(cast: Cast) -> None:
    ada = await adas_id(cast)
    said = put_back((await cast.ask("Cleo", "GET", f"/api/residents/{ada}")).json())
    said["phones"][0]["wrong"] = True
    answer = await cast.ask("Cleo", "PUT", f"/api/residents/{ada}", json=said, headers={"If-Match": "*"})
    assert [phone["wrong_at"] is not None for phone in answer.json()["phones"]] == [True]
    assert [row["phone"] for row in await found(cast, "Cleo", "ada")] == [None]


async def test_a_chief_reads_and_changes_nothing_and_the_hotline_has_no_register(cast: Cast) -> None:
    ada = await adas_id(cast)
    assert (await cast.ask("Cleo as chief", "GET", f"/api/residents/{ada}")).status_code == 200
    for whose, method, path in (
        ("Cleo as chief", "PUT", f"/api/residents/{ada}"),
        ("Cleo at the hotline", "GET", f"/api/residents/{ada}"),
        ("Cleo at the hotline", "POST", "/api/residents/search"),
    ):
        assert (await cast.ask(whose, method, path, json={}, headers={"If-Match": "*"})).status_code == 403


async def test_bens_hours_and_training_are_put_right(cast: Cast) -> None:
    await index_anew(Whom.RESPONDER, [cast.ben.id])
    assert [row["name"] for row in await found(cast, "Cleo", "ben", "responders")] == ["Ben"]
    record = (await cast.ask("Cleo", "GET", f"/api/responders/{cast.ben.id}")).json()
    shift = {"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T16:00:00Z"}
    away = {"starts_at": "2026-11-26T00:00:00Z", "ends_at": "2026-11-27T00:00:00Z"}
    said = {name: record[name] for name in ("name", "phone", "role", "trained", "lat", "lon")}
    said |= {"area": "xh", "languages": ["zh-CN", "en"], "capacity": 3, "shifts": [shift], "absences": [away]}
    answer = await cast.ask("Cleo", "PUT", f"/api/responders/{cast.ben.id}", json=said, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["shifts"] == [shift] and answer.json()["absences"] == [away]
    assert (await Responder.get(id=cast.ben.id)).capacity == 3
    assert await LookShown.filter(person_id=cast.ben.id).count() == 2 and await SearchToken.all().exists()
