"""Cleo acts on a case while others do: she is told what they changed, hands over, and takes a mistake back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from tortoise.connection import get_connection

from outreach.access import issue_token
from outreach.models import Absence, AccessToken, Coordinator, Event, Handover, Notice, Outreach, Responder, Shift, Task
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

AS_BEN = ("country", "role", "trained", "vetted_until", "home_lat", "home_lon", "cell", "area_id")


@pytest.fixture
async def bea(cast: Cast) -> AsyncIterator[Responder]:
    """Bea, a second responder of Ben's district, on her shift as he is."""
    given = {field: getattr(cast.ben, field) for field in AS_BEN}
    bea = await Responder.create(name="Bea", number="+14155550106", number_hash=keyed_hash("+14155550106"), **given)
    cast.tokens["Bea"] = await issue_token(TokenKind.RESPONDER, bea.id, cast.clock.now())
    for each in (cast.ben, bea):
        await Shift.create(responder=each, starts_at=cast.clock.now(), ends_at=cast.clock.now() + timedelta(hours=8))
    yield bea


@pytest.fixture
async def lina(cast: Cast) -> Coordinator:
    """Lina, who coordinates the same district as Cleo."""
    lina = await Coordinator.create(name="Lina", area=cast.area)
    cast.tokens["Lina"] = await issue_token(TokenKind.COORDINATOR, lina.id, cast.clock.now())
    return lina


async def act(cast: Cast, whose: str, case: str, name: str, version: object, **body: Any) -> httpx2.Response:
    """One decision on the version that was read."""
    path, headers = f"/api/outreaches/{case}/{name}", {"If-Match": f'"{version}"'}
    return await cast.ask(whose, "POST", path, json=body, headers=headers)


async def give(cast: Cast, case: str, to: Responder, version: object, whose: str = "Cleo") -> httpx2.Response:
    """The visit is given to this responder."""
    return await act(cast, whose, case, "reassign", version, responder_id=str(to.id), reason="knows_her")


async def way_back(cast: Cast, case: str) -> Any:
    """What Cleo's board says can be taken back."""
    return (await cast.ask("Cleo", "GET", f"/api/outreaches/{case}?masked=true")).json()["undo"]


async def held_by(case: str) -> list[str]:
    """Who holds the visit."""
    tasks = await Task.filter(outreach_id=case).exclude(status="closed").select_related("responder")
    return [task.responder.name for task in tasks]


async def told(responder: Responder) -> list[str]:
    """What this responder's phone was told, the oldest first."""
    return [word.kind for word in await Notice.filter(responder=responder, channel="sms").order_by("queued_at", "id")]


async def test_the_second_of_two_coordinators_is_told_who_changed_what_from_whom_to_whom_and_why(
    cast: Cast, bea: Responder, lina: Coordinator
) -> None:
    case = await an_outreach(cast)
    read = (await give(cast, case, cast.ben, 1)).json()["version"]
    await give(cast, case, bea, read, whose="Lina")
    late = await act(cast, "Cleo", case, "pause", read, reason="asked")
    assert late.status_code == 412
    (change,) = late.json()["changes"]
    assert (change["kind"], change["by"]["name"], change["reason"]) == ("reassigned", "Lina", "knows_her")
    assert (change["from_responder"]["name"], change["responder"]["name"]) == ("Ben", "Bea")
    assert await held_by(case) == ["Bea"]
    after = await act(cast, "Cleo", case, "pause", read + 1, reason="asked")
    assert after.status_code == 200


async def test_a_conflict_names_nobody_of_another_area(cast: Cast, bea: Responder, lina: Coordinator) -> None:
    case = await an_outreach(cast)
    await Responder.filter(id=bea.id).update(area_id=cast.elsewhere.id)
    await give(cast, case, bea, 1, whose="Lina")
    late = await act(cast, "Cleo", case, "take", 1)
    assert late.json()["changes"][0]["responder"] == {"id": str(bea.id), "name": None}
    assert "Bea" not in late.text


async def test_a_reassignment_is_taken_back_and_both_phones_are_told(cast: Cast, bea: Responder) -> None:
    case = await an_outreach(cast)
    assert await way_back(cast, case) is None
    await give(cast, case, cast.ben, 1)
    given = (await give(cast, case, bea, 2)).json()
    version, until = given["version"], given["undo_until"]
    cast.clock.advance(timedelta(minutes=9))
    shown = await way_back(cast, case)
    line = await Event.get(seq=shown["seq"])
    assert (shown["until"], line.data["responder_id"]) == (until, str(bea.id))
    back = await act(cast, "Cleo", case, "undo", version)
    assert back.status_code == 200 and await held_by(case) == ["Ben"], back.text
    assert await told(cast.ben) == ["handed_over", "called_off", "handed_over"]
    assert await told(bea) == ["handed_over", "called_off"]
    assert await way_back(cast, case) is None and back.json()["undo_until"] is None
    again = await act(cast, "Cleo", case, "undo", back.json()["version"])
    assert again.status_code == 409 and again.json()["type"] == "urn:outreach:NothingToUndo"


async def test_what_was_given_when_nobody_had_it_goes_back_to_the_ladder(cast: Cast, bea: Responder) -> None:
    case = await an_outreach(cast)
    version = (await give(cast, case, bea, 1)).json()["version"]
    assert (await act(cast, "Cleo", case, "undo", version)).status_code == 200
    assert await held_by(case) == [] and await told(bea) == ["handed_over", "called_off"]


@pytest.mark.parametrize("refusal", ["TooLateToUndo", "ArrivedMeanwhile", "NothingToUndo"])
async def test_a_reassignment_stands_once_it_is_old_or_its_holder_is_at_the_door(
    cast: Cast, bea: Responder, refusal: str
) -> None:
    case = await an_outreach(cast)
    version = (await give(cast, case, bea, 1)).json()["version"]
    if refusal == "TooLateToUndo":
        cast.clock.advance(timedelta(minutes=10, seconds=1))
    if refusal == "ArrivedMeanwhile":
        await Task.filter(outreach_id=case).update(status="arrived", arrived_at=cast.clock.now())
    if refusal == "NothingToUndo":
        await Task.filter(outreach_id=case).update(status="closed", closed_at=cast.clock.now(), close_reason="done")
    assert await way_back(cast, case) is None
    answer = await act(cast, "Cleo", case, "undo", version)
    assert answer.status_code == 409 and answer.json()["type"] == f"urn:outreach:{refusal}"
    assert (await told(bea)) == ["handed_over"]


async def test_cleo_sees_which_languages_each_speaks_and_whether_adas_is_among_them(cast: Cast, bea: Responder) -> None:
    case = (
        await cast.warn(
            resident={"phone": "+14155550101", "language": "wuu", "location": {"lat": 30.25, "lon": 120.15}}
        )
    ).json()["outreach_id"]
    await Outreach.filter(id=case).update(area_id=cast.area.id)
    await Responder.filter(id=bea.id).update(languages=["wuu"])
    said = (await cast.ask("Cleo", "GET", f"/api/outreaches/{case}/candidates")).json()["candidates"]
    assert {each["name"]: (each["languages"], each["speaks"]) for each in said} == {
        "Bea": (["wuu", "zh-CN"], True),
        "Ben": (["zh-CN"], False),
    }


async def test_cleo_hands_a_case_on_with_a_note_that_only_the_case_shows(cast: Cast, lina: Coordinator) -> None:
    case = await an_outreach(cast)
    await act(cast, "Cleo", case, "take", 1)
    left = await act(cast, "Cleo", case, "hand-on", 2, to=str(lina.id), note="Her daughter rings at six.")
    assert left.status_code == 200 and left.json()["taken_by_id"] == str(lina.id)
    word = await Notice.get(coordinator=lina)
    assert (word.kind, str(word.outreach_id), word.data["with_note"]) == ("handed_on", case, True)
    rows = await Event.filter(outreach_id=case).values("data")
    assert "daughter" not in str(rows) and "daughter" not in str(word.data)
    sealed = await get_connection("default").execute_query_dict("SELECT note FROM handover")
    assert "daughter" not in str(sealed) and (await Handover.get()).note == "Her daughter rings at six."


async def test_at_the_end_of_her_shift_cleo_hands_on_all_she_has_and_nothing_else(
    cast: Cast, lina: Coordinator
) -> None:
    case = await an_outreach(cast)
    other = (await cast.warn(external_id="w-2", resident={"phone": "+14155550105"})).json()["outreach_id"]
    await Outreach.filter(id=other).update(area_id=cast.area.id, taken_by_id=lina.id)
    await act(cast, "Cleo", case, "take", 1)
    said = (await cast.ask("Cleo", "POST", "/api/hand-on", json={"to": str(lina.id), "note": "All quiet."})).json()
    assert said["handed_on"] == [case] and said["kept"] == []
    desk = (await cast.ask("Cleo", "GET", "/api/desk")).json()
    assert {each["name"]: each["cases"] for each in desk["colleagues"]} == {"Cleo": 0, "Lina": 2}
    assert await Handover.all().count() == 1


async def test_a_case_is_handed_to_nobody_who_may_not_decide_on_it(cast: Cast) -> None:
    case = await an_outreach(cast)
    dov = await Coordinator.get(id=(await AccessToken.get(hash=keyed_hash(cast.tokens["Dov"]))).holder_id)
    chief = await Coordinator.create(name="Wang", area=cast.area, role=TokenKind.CHIEF)
    for each in (dov, chief):
        refused = await act(cast, "Cleo", case, "hand-on", 1, to=str(each.id))
        assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "to"
    assert await Handover.all().count() == 0


async def test_a_case_left_to_nobody_calls_for_a_coordinator_again(cast: Cast) -> None:
    case = await an_outreach(cast)
    await act(cast, "Cleo", case, "take", 1)
    assert (await act(cast, "Cleo", case, "hand-on", 2, to=None)).status_code == 200
    row = await Outreach.get(id=case)
    assert row.taken_by_id is None and row.acknowledged_at is None


async def test_the_case_says_what_may_be_said_who_is_who_and_what_comes_next(
    cast: Cast, bea: Responder, lina: Coordinator
) -> None:
    case = await an_outreach(cast)
    await give(cast, case, bea, 1, whose="Lina")
    await act(cast, "Lina", case, "hand-on", 2, to=None, note="The lights are on.")
    view = (await cast.ask("Cleo", "GET", f"/api/outreaches/{case}")).json()
    assert view["names"][str(bea.id)] == "Bea" and set(view["names"].values()) == {"Bea", "Lina", "Cleo"}
    assert view["scripts"]["en"] and "convinced" in [each["code"] for each in view["outcomes"]]
    assert view["handovers"][0]["note"] == "The lights are on." and view["target_s"] == 1800
    assert [step["do"] for step in view["ladder"]][:3] == ["sms", "voice", "visit"]
    assert view["ahead"] and view["ahead"][0]["at"] >= cast.clock.now().isoformat()[:19]


async def test_numbers_are_hidden_until_somebody_looks_and_only_that_look_is_noted(cast: Cast) -> None:
    case = await an_outreach(cast)
    hidden = await cast.ask("Cleo", "GET", f"/api/outreaches/{case}?masked=true")
    assert ADAS_PHONE not in hidden.text and "30.25" not in hidden.text and hidden.headers["etag"] == '"1"'
    assert hidden.json()["resident"]["phones"][0]["number"] == "+141••••01"
    looks = Event.filter(outreach_id=case, kind="details_shown")
    assert await looks.count() == 0
    assert ADAS_PHONE in (await cast.ask("Cleo", "GET", f"/api/outreaches/{case}")).text
    assert await looks.count() == 1


async def two_visits_of_ben(cast: Cast) -> tuple[str, str]:
    """Ben holds Ada's visit, and Fay's at whose door he is."""
    await Responder.filter(id=cast.ben.id).update(capacity=2)
    ada = await an_outreach(cast)
    place = {"phone": "+14155550107", "name": "Fay", "location": {"lat": 30.26, "lon": 120.15}}
    fay = (await cast.warn(external_id="w-2", resident=place)).json()["outreach_id"]
    await Outreach.filter(id=fay).update(area_id=cast.area.id)
    for case in (ada, fay):
        assert (await give(cast, case, cast.ben, 1)).status_code == 200
    await Task.filter(outreach_id=fay).update(status="arrived", arrived_at=cast.clock.now())
    return ada, fay


async def test_one_who_goes_home_leaves_all_but_the_door_they_stand_at(cast: Cast, bea: Responder) -> None:
    ada, fay = await two_visits_of_ben(cast)
    home = f"/api/responders/{cast.ben.id}/going-home"
    seen = {line["outreach_id"]: line for line in (await cast.ask("Cleo", "GET", home)).json()["lines"]}
    assert (seen[ada]["proposed"], seen[ada]["keeps"], seen[ada]["late_s"]) == (str(bea.id), False, 0)
    assert seen[fay]["keeps"] and seen[fay]["proposed"] is None
    move = {"outreach_id": ada, "version": seen[ada]["version"], "to": str(bea.id)}
    answer = (await cast.ask("Cleo", "POST", home, json={"moves": [move]})).json()
    said = answer["lines"]
    assert datetime.fromisoformat(answer["undo_until"]) == cast.clock.now() + timedelta(minutes=10)
    assert said[0]["done"] and await held_by(ada) == ["Bea"] and await held_by(fay) == ["Ben"]
    away = {each["name"]: each["left_out"] for each in await candidates(cast, ada)}
    assert away["Ben"] == "absent"
    back = {"moves": [{"outreach_id": ada, "version": said[0]["version"]}]}
    assert (await cast.ask("Cleo", "POST", f"{home}/undo", json=back)).json()["lines"][0]["done"]
    assert await held_by(ada) == ["Ben"] and not await Absence.all().exists()


async def test_a_case_that_changed_meanwhile_stops_alone(cast: Cast, bea: Responder, lina: Coordinator) -> None:
    ada, fay = await two_visits_of_ben(cast)
    await Task.filter(outreach_id=fay).update(status="accepted", arrived_at=None)
    await Responder.filter(id=bea.id).update(capacity=2)
    home = f"/api/responders/{cast.ben.id}/going-home"
    lines = (await cast.ask("Cleo", "GET", home)).json()["lines"]
    await act(cast, "Lina", ada, "pause", 2, reason="asked")
    moves = [{key: line[key] for key in ("outreach_id", "version", "kind")} | {"to": str(bea.id)} for line in lines]
    said = (await cast.ask("Cleo", "POST", home, json={"moves": moves})).json()["lines"]
    by_case = {line["outreach_id"]: line for line in said}
    assert by_case[ada]["code"] == "StaleVersion" and by_case[ada]["changes"][0]["by"]["name"] == "Lina"
    assert by_case[fay]["done"] and await held_by(fay) == ["Bea"] and await held_by(ada) == ["Ben"]


async def candidates(cast: Cast, case: str) -> list[dict[str, Any]]:
    """Who was considered for this case."""
    answer = (await cast.ask("Cleo", "GET", f"/api/outreaches/{case}/candidates")).json()
    return list(answer["candidates"])


async def test_what_the_phones_will_be_told_is_shown_before_and_is_what_leaves(
    cast: Cast, bea: Responder, settings: Settings
) -> None:
    await Responder.filter(id=bea.id).update(language="en", capacity=3)
    ada, fay = await two_visits_of_ben(cast)
    await Task.filter(outreach_id=fay).update(status="accepted", arrived_at=None)
    before = {word.id for word in await Notice.all()}
    home = f"/api/responders/{cast.ben.id}/going-home"
    lines = {line["outreach_id"]: line for line in (await cast.ask("Cleo", "GET", home)).json()["lines"]}
    assert {word.id for word in await Notice.all()} == before
    to_bea = next(choice for choice in lines[ada]["choices"] if choice["responder_id"] == str(bea.id))
    shown = [*to_bea["told"], *lines[fay]["told"]]
    assert [(each["name"], each["language"]) for each in shown] == [("Ben", "zh-CN"), ("Bea", "en"), ("Ben", "zh-CN")]
    for secret in ("Ada", "Fay", ADAS_PHONE, "30.2"):
        assert not [each for each in shown if secret in each["words"]]
    goes = ((ada, str(bea.id)), (fay, None))
    moves = [{"outreach_id": case, "version": lines[case]["version"], "to": to} for case, to in goes]
    said = await cast.ask("Cleo", "POST", home, json={"moves": moves})
    assert all(line["done"] for line in said.json()["lines"])
    left = [word for word in await Notice.filter(channel="sms").order_by("id") if word.id not in before]
    texts = [(await text_of(word, settings) or ("", ""))[1] for word in left]
    assert [re.sub(r"#\d+", "#…", text) for text in texts] == [each["words"] for each in shown]
