"""The board: what runs, who has it, what comes next; who is on duty, and where nobody will be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from outreach.models import Area, Coordinator, Event, Outreach, Shift, Target, Warning
from outreach.models.fields import new_id
from outreach.models.states import MERGED, AreaKind, EndState, Evidence
from outreach.outcomes import tell_board
from outreach.reports.ended import MOST
from tests.web.conftest import Cast, an_outreach

TODAY = {"warned": 0, "reached": 0, "unreached": 0, "otherwise": 0, "last_at": None}
AT = datetime(2026, 11, 24, 4, 10, tzinfo=UTC)
REACHED: dict[str, Any] = {"contacted_at": AT, "reached_at": AT, "reached_evidence": Evidence.SPEECH}
ENDS: dict[str, dict[str, Any]] = {
    "reached": REACHED,
    "convinced": {**REACHED, "ended_at": AT, "end_state": EndState.CONVINCED},
    "unreached": {"ended_at": AT, "end_state": EndState.UNREACHED},
    "closed": {"ended_at": AT, "end_state": EndState.CLOSED},
    "open": {"reached_at": None},
    "elsewhere": REACHED,
    "yesterday": REACHED,
    "exercise": REACHED,
}
"""How a target stands, by its warning's id."""


async def the_board(cast: Cast, whose: str = "Cleo") -> dict[str, Any]:
    answer = await cast.ask(whose, "GET", "/api/board")
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_cleo_sees_who_is_in_danger_who_has_it_and_what_comes_next(cast: Cast) -> None:
    case = await an_outreach(cast)
    [row] = (await the_board(cast))["cases"]
    assert row["id"] == case and row["who"]["state"] == "system" and row["warnings"] == 1
    offer = await cast.offered(case)
    [row] = (await the_board(cast))["cases"]
    assert (row["now"]["do"], row["now"]["said"]) == ("visit", "offered")
    assert (row["who"]["state"], row["who"]["count"], row["next"]["do"]) == ("asked", 1, "asks_on")
    await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    [row] = (await the_board(cast))["cases"]
    assert row["who"]["state"] == "accepted" and row["who"]["responder"]["name"] == "Ben"
    assert row["next"]["do"] == "arrives"


async def test_the_board_says_what_became_of_those_warned_of_today_in_its_area_and_exercises_are_none(
    cast: Cast,
) -> None:
    now = cast.clock.now()
    assert (await the_board(cast))["today"] | {"last_at": None} == TODAY
    for n, (where, ended) in enumerate(ENDS.items()):
        warned = await cast.warn(external_id=where, resident={"phone": f"+141555502{n:02}"})
        case = warned.json()["outreach_id"]
        await Outreach.filter(id=case).update(area_id=(cast.elsewhere if where == "elsewhere" else cast.area).id)
        await Target.filter(outreach_id=case).update(**ended)
    await Outreach.filter(targets__warning__external_id="exercise").update(exercise=True)
    await Target.filter(warning__external_id="yesterday").update(joined_at=now - timedelta(hours=24))
    today = (await the_board(cast))["today"]
    assert today.pop("last_at") is not None
    assert today == {"warned": 5, "reached": 2, "unreached": 1, "otherwise": 1}


async def test_what_changed_is_asked_for_by_id_and_an_ended_case_is_not_given(cast: Cast) -> None:
    case = await an_outreach(cast)
    some = f"/api/board/cases?ids={case}"
    [row] = (await cast.ask("Cleo", "GET", some)).json()["cases"]
    assert row["id"] == case
    version = {"If-Match": f'"{row["version"]}"'}
    ended = await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/close", json={"reason": "moved"}, headers=version)
    assert ended.status_code == 200
    assert (await cast.ask("Cleo", "GET", some)).json()["cases"] == []
    assert (await the_board(cast))["cases"] == []


async def test_a_case_that_ended_is_found_for_a_day_with_its_name_by_whoever_watches_its_area(cast: Cast) -> None:
    case, asked = await an_outreach(cast), "/api/board/ended"
    close = {"json": {"reason": "wrong_details"}, "headers": {"If-Match": "*"}}
    assert (await cast.ask("Cleo", "GET", asked)).json()["cases"] == []
    await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/close", **close)
    [row] = (await cast.ask("Cleo", "GET", asked)).json()["cases"]
    assert (row["id"], row["resident"]["name"], row["end_state"]) == (case, "Ada", "closed")
    assert (await cast.ask("Dov", "GET", asked)).json()["cases"] == []
    [look] = (await cast.ask("Cleo as chief", "GET", "/api/audit?what=board")).json()["looks"]
    assert look["way"] == "board"
    reopen = {"json": {"reason": "closed_by_mistake"}, "headers": {"If-Match": "*"}}
    assert (await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/reopen", **reopen)).status_code == 200
    assert (await cast.ask("Cleo", "GET", asked)).json()["cases"] == []
    await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/close", **close)
    cast.clock.advance(timedelta(hours=25))
    assert (await cast.ask("Cleo", "GET", asked)).json()["cases"] == []


async def test_however_many_cases_joined_others_the_one_that_ended_is_found(cast: Cast) -> None:
    case, now = await an_outreach(cast), cast.clock.now()
    close = {"json": {"reason": "left_town"}, "headers": {"If-Match": "*"}}
    await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/close", **close)
    ada, warned = await Outreach.get(id=case), await Warning.get()
    over = {"ended_at": now + timedelta(seconds=1), "end_state": EndState.CLOSED, "end_reason": MERGED}
    gone = {"status": "ended", "due_at": None, **over}
    joined = [ada.clone().update_from_dict({**gone, "id": new_id()}) for _ in range(MOST)]
    warnings = [warned.clone().update_from_dict({"id": new_id(), "external_id": f"j{n}"}) for n in range(MOST)]
    targets = [
        Target(resident_id=ada.resident_id, outreach_id=row.id, warning_id=about.id, joined_at=now, **over)
        for row, about in zip(joined, warnings, strict=True)
    ]
    await Outreach.bulk_create(joined)
    await Warning.bulk_create(warnings)
    await Target.bulk_create(targets)
    cast.clock.advance(timedelta(minutes=1))
    found = (await cast.ask("Cleo", "GET", "/api/board/ended")).json()["cases"]
    assert [row["id"] for row in found] == [case]


async def test_ids_that_are_none_or_too_many_are_refused(cast: Cast) -> None:
    await an_outreach(cast)
    assert (await cast.ask("Cleo", "GET", "/api/board/cases?ids=ada")).status_code == 422
    many = ",".join(["01a21b84-e33e-7e2e-8cca-214482030721"] * 101)
    assert (await cast.ask("Cleo", "GET", f"/api/board/cases?ids={many}")).status_code == 422


async def test_that_cleo_was_shown_whose_case_it_is_is_noted_once(cast: Cast) -> None:
    case = await an_outreach(cast)
    for _ in range(3):
        await the_board(cast)
    await cast.ask("Cleo", "GET", f"/api/board/cases?ids={case}")
    [look] = (await cast.ask("Cleo as chief", "GET", "/api/audit?what=board")).json()["looks"]
    ada = (await Outreach.get(id=case)).resident_id
    assert look["people"] == [str(ada)] and look["who"]["name"] == "Cleo"
    assert not await Event.filter(kind="name_shown").exists()
    # Another case of hers, later, is another look.
    cast.clock.advance(timedelta(hours=1))
    await Outreach.filter(id=case).update(opened_at=cast.clock.now())
    for _ in range(2):
        await the_board(cast)
    assert len((await cast.ask("Cleo as chief", "GET", f"/api/audit?resident={ada}")).json()["looks"]) == 2


async def test_a_case_of_another_area_is_on_nobodys_board_but_theirs(cast: Cast) -> None:
    case = await an_outreach(cast)
    await Outreach.filter(id=case).update(area_id=cast.elsewhere.id)
    assert (await the_board(cast))["cases"] == []
    assert (await cast.ask("Cleo", "GET", f"/api/board/cases?ids={case}")).json()["cases"] == []


async def test_a_grid_is_named_from_when_on_nobody_stands_for_it(cast: Cast) -> None:
    await Shift.all().delete()
    now = cast.clock.now()
    grid = {"kind": AreaKind.GRID, "parent": cast.area}
    await Area.create(code="n1", name="North 1", path=f"{cast.area.path}n1/", **grid)
    [gap, *_] = [each for each in (await the_board(cast))["gaps"] if each["name"] == "North 1"]
    assert gap["from"].startswith(now.strftime("%Y-%m-%dT%H:%M"))
    # Ben belongs to the whole area: he stands for each grid of it.
    await Shift.create(responder=cast.ben, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=3))
    said = await the_board(cast)
    assert "Ben" in [one["name"] for one in said["staff"]]
    [gap] = [each for each in said["gaps"] if each["name"] == "North 1"]
    assert gap["from"].startswith((now + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))


async def test_a_word_for_cleo_stands_on_her_board_until_she_has_seen_it_and_on_no_other(cast: Cast) -> None:
    case = UUID(await an_outreach(cast))
    cleo = (await Coordinator.get(area=cast.area)).id
    await tell_board("alarm", case, cast.clock.now(), cleo, level=0)
    await Outreach.filter(id=case).update(paused_at=cast.clock.now())
    await tell_board("still_paused", case, cast.clock.now(), minutes=30)
    await tell_board("provider_trouble", None, cast.clock.now(), code="20003")
    [trouble, paused, alarm] = await words_of(cast, "Cleo")
    assert (alarm["kind"], alarm["resident"], alarm["outreach_id"]) == ("alarm", "Ada", str(case))
    assert (paused["data"], trouble["outreach_id"]) == ({"minutes": 30}, None)
    assert [word["kind"] for word in await words_of(cast, "Dov")] == ["provider_trouble"]
    seen = f"/api/board/words/{alarm['id']}/seen"
    assert (await cast.ask("Dov", "POST", seen)).status_code == 404
    assert (await cast.ask("Cleo as chief", "POST", seen)).status_code == 403
    assert (await cast.ask("Cleo", "POST", seen)).status_code == 204
    assert [word["kind"] for word in await words_of(cast, "Cleo")] == ["provider_trouble", "still_paused"]
    cast.clock.advance(timedelta(hours=25))
    assert await words_of(cast, "Cleo") == []


async def test_nobody_is_called_to_a_case_that_somebody_has_or_that_goes_on_and_once_is_enough(cast: Cast) -> None:
    case, cleo = UUID(await an_outreach(cast)), (await Coordinator.get(area=cast.area)).id
    for level in range(3):
        await tell_board("alarm", case, cast.clock.now(), cleo, level=level)
        cast.clock.advance(timedelta(minutes=5))
    await tell_board("still_paused", case, cast.clock.now(), minutes=30)
    [alarm] = await words_of(cast, "Cleo")
    assert alarm["data"] == {"level": 2}
    assert (await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/take", headers={"If-Match": "*"})).is_success
    assert await words_of(cast, "Cleo") == []
    assert (await cast.ask("Cleo", "POST", f"/api/board/words/{alarm['id']}/seen")).status_code == 404
    await Outreach.filter(id=case).update(taken_by_id=None, acknowledged_at=None)
    [alarm] = await words_of(cast, "Cleo")
    assert (await cast.ask("Cleo", "POST", f"/api/board/words/{alarm['id']}/seen")).status_code == 204
    assert await words_of(cast, "Cleo") == []


async def test_what_two_said_of_one_case_are_two_words_and_each_is_taken_away_by_itself(cast: Cast) -> None:
    case = UUID(await an_outreach(cast))
    for _ in range(2):
        await tell_board("contact_wrote", case, cast.clock.now())
        cast.clock.advance(timedelta(minutes=1))
    later, earlier = await words_of(cast, "Cleo")
    assert (await cast.ask("Cleo", "POST", f"/api/board/words/{later['id']}/seen")).status_code == 204
    assert await words_of(cast, "Cleo") == [earlier]


async def words_of(cast: Cast, whose: str) -> list[dict[str, Any]]:
    answer = await cast.ask(whose, "GET", "/api/board/words")
    assert answer.status_code == 200, answer.text
    said: list[dict[str, Any]] = answer.json()["words"]
    return said
