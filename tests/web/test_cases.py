"""Cleo at her board."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from outreach.models import Event, Outreach, Phone
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

DECISIONS: list[tuple[str, dict[str, Any]]] = [
    ("pause", {"reason": "asked"}),
    ("resume", {"reason": "asked"}),
    ("close", {"reason": "asked"}),
    ("reopen", {"reason": "asked"}),
    ("take", {}),
]


async def _decide(cast: Cast, outreach_id: str, name: str, version: str | None, whose: str = "Cleo") -> Any:
    headers = {} if version is None else {"If-Match": version}
    path = f"/api/outreaches/{outreach_id}/{name}"
    return await cast.ask(whose, "POST", path, json=dict(DECISIONS)[name], headers=headers)


async def test_cleo_sees_her_district_and_dov_his(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    page = await cast.ask("Cleo", "GET", "/api/outreaches?status=open&limit=10")
    assert [row["id"] for row in page.json()["outreaches"]] == [outreach_id] and "Ada" not in page.text
    assert (await cast.ask("Dov", "GET", "/api/outreaches")).json()["outreaches"] == []
    view = await cast.ask("Cleo", "GET", f"/api/outreaches/{outreach_id}")
    assert view.headers["etag"] == '"1"' and ADAS_PHONE in view.text
    assert (await cast.ask("Dov", "GET", f"/api/outreaches/{outreach_id}")).status_code == 404


async def test_a_filter_that_is_none_is_named(cast: Cast) -> None:
    answer = await cast.ask("Cleo", "GET", "/api/outreaches?colour=red")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "colour"


@pytest.mark.parametrize("name", [name for name, _ in DECISIONS])
async def test_a_decision_needs_the_version_that_was_read(cast: Cast, name: str) -> None:
    outreach_id = await an_outreach(cast)
    for version, status in ((None, 428), ('"7"', 412)):
        assert (await _decide(cast, outreach_id, name, version)).status_code == status
    assert (await _decide(cast, outreach_id, name, '"1"', whose="Dov")).status_code == 404
    assert (await Outreach.get(id=outreach_id)).version == 1


async def test_cleo_pauses_resumes_closes_and_reopens(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    version = '"1"'
    for name in ("take", "pause", "resume", "close", "reopen"):
        answer = await _decide(cast, outreach_id, name, version)
        assert answer.status_code == 200, (name, answer.text)
        version = answer.headers["etag"]
    assert version == '"6"'
    illegal = await _decide(cast, outreach_id, "resume", version)
    assert illegal.status_code == 409 and illegal.json()["type"] == "urn:outreach:IllegalMove"


async def test_a_case_that_nobody_could_find_ends_as_unreached_and_one_that_was_reached_does_not(cast: Cast) -> None:
    first = await an_outreach(cast)
    path, said = f"/api/outreaches/{first}", {"end_state": "unreached", "reason": "nobody_found"}
    rung = await cast.ask("Cleo", "POST", f"{path}/contact", json={"outcome": "not_convinced"})
    refused = await cast.ask("Cleo", "POST", f"{path}/close", json=said, headers={"If-Match": rung.headers["etag"]})
    assert refused.status_code == 409 and refused.json()["type"] == "urn:outreach:IllegalMove"
    await cast.warn(external_id="w2", resident={"phone": "+447700900003", "name": "Eve"})
    await Outreach.all().update(area_id=cast.area.id)
    second = (await Outreach.exclude(id=first).get()).id
    ended = await cast.ask("Cleo", "POST", f"/api/outreaches/{second}/close", json=said, headers={"If-Match": '"1"'})
    assert ended.json()["end_state"] == "unreached"
    query = "from=2026-11-24&to=2026-11-24"
    report = (await cast.ask("Cleo", "GET", f"/api/reports/period?{query}")).json()
    assert report["all"]["unreached"]["reasons"] == [{"reason": "nobody_found", "count": 1}]


async def test_the_second_of_two_coordinators_gets_a_conflict(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    assert (await _decide(cast, outreach_id, "pause", '"1"')).status_code == 200
    assert (await _decide(cast, outreach_id, "close", '"1"')).status_code == 412


async def test_cleo_rings_ada_and_ends_it(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    path = f"/api/outreaches/{outreach_id}/contact"
    odd = await cast.ask("Cleo", "POST", path, json={"outcome": "nonsense"})
    assert odd.status_code == 422 and odd.json()["type"] == "urn:outreach:UnknownOutcome"
    answer = await cast.ask("Cleo", "POST", path, json={"outcome": "convinced"})
    assert answer.status_code == 200 and answer.json()["end_state"] == "convinced"
    assert (await cast.ask("Dov", "POST", path, json={"outcome": "convinced"})).status_code == 404


async def test_a_call_that_is_told_twice_is_recorded_once_at_the_time_it_was_made(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    path, made = f"/api/outreaches/{outreach_id}/contact", cast.clock.now() + timedelta(minutes=2)
    note = {"id": str(uuid.uuid4()), "outcome": "no_answer", "at": made.isoformat()}
    cast.clock.advance(timedelta(minutes=8))
    for _ in range(2):
        assert (await cast.ask("Cleo", "POST", path, json=note)).status_code == 200
    assert [line.at for line in await Event.filter(kind="no_contact")] == [made]
    await cast.ask("Cleo", "POST", path, json=note | {"id": str(uuid.uuid4())})
    assert await Event.filter(kind="no_contact").count() == 2


async def test_what_was_said_in_a_call_is_kept_sealed_beside_its_line_and_only_there(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    outreach_id, said = await an_outreach(cast), "She has sent nothing; her son Eve comes at six."
    path, call = f"/api/outreaches/{outreach_id}/contact", str(uuid.uuid4())
    body = {"id": call, "outcome": "no_answer", "note": said}
    for note in (said, "something else"):
        assert (await cast.ask("Cleo", "POST", path, json=body | {"note": note})).status_code == 200
    view = (await cast.ask("Cleo", "GET", f"/api/outreaches/{outreach_id}")).json()
    assert view["calls"] == [{"id": call, "note": said}]
    assert [line["data"]["call_id"] for line in view["timeline"] if line["kind"] == "no_contact"] == [call]
    kept = await get_connection("default").execute_query_dict("SELECT note FROM desk_call")
    assert kept[0]["note"].startswith("sealed:") and "Eve" not in kept[0]["note"]
    assert "Eve" not in str([event.data for event in await Event.all()]) + capsys.readouterr().out


async def test_the_id_of_a_call_about_another_is_refused(cast: Cast) -> None:
    call, first = {"id": str(uuid.uuid4()), "outcome": "no_answer"}, await an_outreach(cast)
    assert (await cast.ask("Cleo", "POST", f"/api/outreaches/{first}/contact", json=call)).status_code == 200
    ben = {"phone": "+447700900003", "name": "Ben"}
    await cast.warn(external_id="w2", resident=ben)
    await Outreach.all().update(area_id=cast.area.id)
    second = (await Outreach.exclude(id=first).get()).id
    refused = await cast.ask("Cleo", "POST", f"/api/outreaches/{second}/contact", json=call)
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "id"
    assert await Event.filter(kind="no_contact").count() == 1


async def test_a_desk_whose_clock_is_a_little_ahead_is_heard(cast: Cast) -> None:
    path, now = f"/api/outreaches/{await an_outreach(cast)}/contact", cast.clock.now()
    for ahead, answers in ((4, 200), (40, 422)):
        note = {"outcome": "no_answer", "at": (now + timedelta(seconds=ahead)).isoformat()}
        assert (await cast.ask("Cleo", "POST", path, json=note)).status_code == answers
    assert (await Event.get(kind="no_contact")).at == now


async def test_a_relatives_word_does_not_end_a_grave_case(cast: Cast) -> None:
    path = f"/api/outreaches/{await an_outreach(cast)}/contact"
    answer = await cast.ask("Cleo", "POST", path, json={"outcome": "convinced", "who": "trusted_contact"})
    assert answer.json()["status"] == "open" and answer.json()["reached_at"] is None


async def test_a_wrong_number_that_cleo_rang_is_marked_and_is_no_contact(cast: Cast) -> None:
    path = f"/api/outreaches/{await an_outreach(cast)}/contact"
    answer = await cast.ask("Cleo", "POST", path, json={"outcome": "wrong_number"})
    assert answer.status_code == 200 and answer.json()["contacted_at"] is None
    assert (await Phone.get()).wrong_at == cast.clock.now()


async def test_a_relatives_wrong_number_leaves_the_residents_own_alone(cast: Cast) -> None:
    path = f"/api/outreaches/{await an_outreach(cast)}/contact"
    answer = await cast.ask("Cleo", "POST", path, json={"outcome": "wrong_number", "who": "trusted_contact"})
    assert answer.status_code == 200
    assert (await Phone.get()).wrong_at is None


async def test_an_outreach_that_is_none_is_not_found(cast: Cast) -> None:
    assert (await cast.ask("Cleo", "GET", f"/api/outreaches/{uuid.uuid4()}")).status_code == 404


async def test_the_report_counts_what_the_caller_may_see(cast: Cast) -> None:
    await an_outreach(cast)
    path = "/api/reports/time-to-reach?to=2026-11-25T00:00:00Z&by=severity"
    for whose, warned in (("Cleo", 1), ("Dov", 0), ("bank", 1), ("other bank", 0)):
        report = (await cast.ask(whose, "GET", path)).json()
        assert report["total"]["counts"]["warned"] == warned, whose
    assert (await cast.ask("Cleo", "GET", f"{path}&area=/hz/yh/")).status_code == 404
    for given in ({"headers": {"Accept": "text/csv"}}, {"params": {"format": "csv"}}):
        table = await cast.ask("Cleo", "GET", path.split("?")[0], **given)  # type: ignore[arg-type]
        assert table.headers["content-type"].startswith("text/csv") and table.text.startswith("group,")
    for fault in ("by=mood", "from=yesterday", "format=pdf"):
        answer = await cast.ask("Cleo", "GET", f"/api/reports/time-to-reach?{fault}")
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == fault.split("=")[0]


async def test_cleo_sees_who_could_go_and_why_the_others_could_not(cast: Cast) -> None:
    path = f"/api/outreaches/{await an_outreach(cast)}/candidates"
    said = (await cast.ask("Cleo", "GET", path)).json()
    assert said["shortage"] == "NobodyOnShift"
    assert [(c["name"], c["left_out"]) for c in said["candidates"]] == [("Ben", "not_on_shift")]
    assert (await cast.ask("Dov", "GET", path)).status_code == 404
    assert (await cast.ask("Cleo", "GET", f"{path}?kind=dance")).json()["errors"][0]["field"] == "kind"


async def test_cleo_gives_the_case_to_ben(cast: Cast) -> None:
    outreach_id = await an_outreach(cast)
    path, body = f"/api/outreaches/{outreach_id}/reassign", {"responder_id": str(cast.ben.id), "reason": "knows_her"}
    for version, status in ((None, 428), ('"7"', 412)):
        headers = {} if version is None else {"If-Match": version}
        assert (await cast.ask("Cleo", "POST", path, json=body, headers=headers)).status_code == status
    moved = await cast.ask("Cleo", "POST", path, json=body, headers={"If-Match": '"1"'})
    assert moved.status_code == 200 and moved.headers["etag"] == '"2"', moved.text
    held = (await cast.ask("Ben", "GET", "/api/me/tasks")).json()["tasks"]
    assert [task["outreach_id"] for task in held] == [outreach_id]
    again = await cast.ask("Cleo", "POST", path, json=body, headers={"If-Match": '"2"'})
    assert again.status_code == 409 and (await Outreach.get(id=outreach_id)).version == 2
