"""Promise 7: a coordinator takes over any of it, and the second of two gets a conflict, not a silent overwrite."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from outreach import access
from outreach.models import Coordinator
from outreach.models.states import TokenKind
from tests.harness.story import Story, story

pytestmark = pytest.mark.slow


async def in_ben_s_hands(tale: Story) -> dict[str, Any]:
    """Ben holds the visit, because text and line failed."""
    tale.provider.faults.extend(["30003", "busy"])
    tale.ben.expect_sms()
    warned = await tale.warn()
    await tale.advance(minutes=0)
    await tale.accept_offer()
    return warned


async def handed_to_dov(tale: Story) -> dict[str, Any]:
    """Cleo gives Ben's visit to Dov, who may not be asked by himself but may be sent; both are told."""
    warned = await in_ben_s_hands(tale)
    version = (await tale.case(warned)).headers["etag"]
    given = {"responder_id": str(tale.cast.dov.id), "reason": "closer"}
    tale.ben.expect_sms("given to somebody else")
    tale.dov.expect_sms("a coordinator has given you a visit")
    said = await tale.decide(warned, "reassign", version, **given)
    assert said.status_code == 200, said.text
    await tale.settle()
    return warned


async def tasks_of(tale: Story, who: str) -> int:
    """How many tasks their phone shows."""
    return len((await tale.call(who, "GET", "/api/me/tasks")).json()["tasks"])


async def test_cleo_gives_ben_s_visit_to_dov_and_both_phones_say_so(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await handed_to_dov(tale)
        assert (await tasks_of(tale, "ben"), await tasks_of(tale, "dov")) == (0, 1)
        assert any(line["kind"] == "reassigned" for line in (await tale.case(warned)).json()["timeline"])


async def test_the_second_of_two_coordinators_gets_a_conflict(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await in_ben_s_hands(tale)
        read = (await tale.case(warned)).headers["etag"]
        given = {"responder_id": str(tale.cast.dov.id), "reason": "closer"}
        assert (await tale.decide(warned, "reassign", None, **given)).status_code == 428
        assert (await tale.decide(warned, "pause", read, reason="asked_to_wait")).status_code == 200
        assert (await tale.decide(warned, "reassign", read, **given)).status_code == 412
        assert await tasks_of(tale, "ben") == 1


async def test_a_coordinator_of_another_city_is_not_told_that_there_is_a_case(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await in_ben_s_hands(tale)
        far = await Coordinator.create(name="Dov", area=tale.cast.elsewhere)
        tale.tokens["far"] = await access.issue_token(TokenKind.COORDINATOR, far.id, now)
        assert (await tale.case(warned, "far")).status_code == 404
        path = f"/api/outreaches/{warned['outreach_id']}/close"
        refused = await tale.call("far", "POST", path, {"reason": "not_mine"}, **{"If-Match": "*"})
        assert refused.status_code == 404
        assert (await tale.call("far", "GET", "/api/outreaches")).json()["outreaches"] == []


async def test_a_hand_over_that_nobody_acknowledges_returns_to_the_ladder(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await handed_to_dov(tale)
        tale.dov.expect_sms("not confirmed in time")
        tale.ben.expect_sms("a call asked").expect_sms("a visit asked")
        await tale.advance(minutes=6)
        kinds = [line["kind"] for line in (await tale.case(warned)).json()["timeline"]]
        assert kinds[kinds.index("unacknowledged") :].count("offered") == 2, kinds
        assert (await tasks_of(tale, "dov"), await tasks_of(tale, "ben")) == (0, 0)
        assert (await tale.accept_offer())["outreach_id"] == warned["outreach_id"]


async def test_cleo_reads_what_ben_s_phone_sent_second_under_the_same_id(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await in_ben_s_hands(tale)
        (task,) = (await tale.call("ben", "GET", "/api/me/tasks")).json()["tasks"]
        first = tale.check_in(task["id"], "note") | {"note": "At the gate"}
        assert (await tale.call("ben", "POST", "/api/checkins", first)).status_code == 201
        await tale.advance(minutes=1)
        second = await tale.call("ben", "POST", "/api/checkins", first | {"note": "Inside"})
        assert second.json()["type"] == "urn:outreach:DifferentContent"
        (kept,) = (await tale.case(warned)).json()["check_ins"]
        assert kept["note"] == "At the gate"
        (aside,) = kept["kept_aside"]
        assert json.loads(aside["body"])["note"] == "Inside"
        assert datetime.fromisoformat(aside["received_at"]) == tale.clock.now()


async def typed_in(tale: Story) -> dict[str, Any]:
    """Cleo takes a warning down on the telephone; text and line fail, so Ben is asked to go."""
    tale.provider.faults.extend(["30003", "busy"])
    tale.ben.expect_sms("a visit asked")
    said = await tale.call("cleo", "POST", "/api/warnings", tale.warning("by-phone"))
    assert said.status_code == 202, said.text
    await tale.advance(minutes=0)
    warned: dict[str, Any] = said.json()
    return warned


async def test_cleo_types_in_a_warning_and_ben_is_asked_to_go(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await typed_in(tale)
        told = await tale.call("cleo", "GET", f"/api/warnings/{warned['id']}")
        assert (told.json()["external_id"], told.json()["status"]) == ("by-phone", "open")
        assert (await tale.status_of(warned))["id"] == warned["id"], "the source that Cleo warns for sees it too"
        assert (await tale.accept_offer())["outreach_id"] == warned["outreach_id"]


async def test_cleo_rings_ada_herself_and_what_she_found_calls_ben_off(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await typed_in(tale)
        await tale.advance(minutes=0.5)
        tale.ben.expect_sms("called off")
        said = await tale.decide(warned, "contact", None, outcome="convinced", who="resident")
        assert said.status_code == 200, said.text
        await tale.settle()
        (target,) = (await tale.status_of(warned))["targets"]
        found = (target["reached_by"], target["reached_role"], target["reached_evidence"], target["end_state"])
        assert found == ("call", "coordinator", "person_by_phone", "convinced")
        assert (await tale.call("ben", "GET", "/api/me/offers")).json()["offers"] == []


async def test_cleo_closes_a_case_and_reopens_it_and_the_ladder_climbs_again(database: str, now: datetime) -> None:
    async with story(now) as tale:
        warned = await typed_in(tale)
        tale.ben.expect_sms("called off")
        closed = await tale.decide(warned, "close", (await tale.case(warned)).headers["etag"], reason="left_town")
        assert (closed.json()["end_state"], closed.json()["end_reason"]) == ("closed", "left_town")
        await tale.advance(minutes=10)
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms("a visit asked")
        opened = await tale.decide(warned, "reopen", closed.headers["etag"], reason="back_again")
        assert (opened.json()["status"], opened.json()["end_state"]) == ("open", None), opened.text
        await tale.advance(minutes=0)
        assert (await tale.accept_offer())["outreach_id"] == warned["outreach_id"]
