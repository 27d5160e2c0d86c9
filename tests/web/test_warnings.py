"""A source warns, and follows what became of it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from outreach.models import Outreach, Resident, Target, Warning
from tests.web.conftest import Cast, an_outreach


async def test_a_warning_is_on_disk_when_it_is_answered(cast: Cast) -> None:
    answer = await cast.warn()
    assert answer.status_code == 202
    said = answer.json()
    assert await Warning.exists(id=said["id"]) and await Target.exists(id=said["target_id"])
    assert said["status"] == "open" and said["url"].endswith(f"/api/warnings/{said['id']}")
    assert cast.woken


async def test_the_same_warning_twice_is_one_warning(cast: Cast) -> None:
    first, again = await cast.warn(), await cast.warn()
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert await Warning.all().count() == 1 and await Outreach.all().count() == 1


async def test_the_same_id_with_other_content_is_a_conflict(cast: Cast) -> None:
    await cast.warn()
    answer = await cast.warn(summary="Something else.")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:outreach:DifferentContent"


async def test_neither_phone_nor_place_is_refused_by_name_and_stores_nothing(cast: Cast) -> None:
    answer = await cast.warn(resident={"name": "Ada"})
    assert answer.status_code == 422 and answer.json()["type"] == "urn:outreach:NeitherPhoneNorPlace"
    assert await Warning.all().count() == 0 and await Resident.all().count() == 0


async def test_a_bad_field_is_named_with_its_reason_and_without_its_value(cast: Cast) -> None:
    answer = await cast.warn(severity="dire-secret")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "severity"
    assert "dire-secret" not in answer.text


async def test_unknown_fields_are_accepted_and_named(cast: Cast) -> None:
    answer = await cast.warn(mood="calm")
    assert answer.status_code == 202 and answer.json()["ignored"] == ["mood"]


async def test_a_list_is_answered_item_by_item(cast: Cast) -> None:
    body = [cast.warning(), cast.warning(external_id="w-2", category="nonsense"), cast.warning(), 7]
    answer = await cast.ask("bank", "POST", "/api/warnings", json=body)
    assert answer.status_code == 200
    assert [item["code"] for item in answer.json()["items"]] == [202, 422, 200, 422]
    assert answer.json()["items"][1]["problem"]["type"] == "urn:outreach:UnknownCategory"


async def test_a_source_follows_its_own_warnings_only(cast: Cast) -> None:
    await an_outreach(cast)
    warning = await Warning.all().first()
    assert warning is not None
    mine = await cast.ask("bank", "GET", f"/api/warnings/{warning.id}")
    assert mine.status_code == 200 and mine.json()["status"] == "open"
    for whose, status in (("other bank", 404), ("Dov", 404), ("Cleo", 200)):
        assert (await cast.ask(whose, "GET", f"/api/warnings/{warning.id}")).status_code == status
    feed = (await cast.ask("bank", "GET", "/api/feed?after=0")).json()
    assert [line["kind"] for line in feed["events"]] == ["joined"]
    assert (await cast.ask("bank", "GET", f"/api/feed?after={feed['next']}")).json()["events"] == []
    assert (await cast.ask("other bank", "GET", "/api/feed")).json()["events"] == []


async def test_a_source_that_polls_its_feed_is_told_when_the_feed_says_how_it_ended(cast: Cast) -> None:
    case = await an_outreach(cast)
    await cast.ask("bank", "GET", "/api/feed?after=0")
    assert (await Target.get()).told_at is None
    await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/contact", json={"outcome": "convinced"})
    cast.clock.advance(timedelta(minutes=5))
    told = cast.clock.now()
    for _ in range(2):
        await cast.ask("bank", "GET", "/api/feed?after=0")
        cast.clock.advance(timedelta(hours=1))
    assert (await Target.get()).told_at == told
    report = await cast.ask("Cleo", "GET", "/api/reports/period?from=2026-11-24&to=2026-11-24")
    assert report.json()["all"]["feedback"]["rate"] == 1.0


async def test_a_coordinator_may_take_a_warning_down_by_phone(cast: Cast) -> None:
    assert (await cast.ask("Cleo", "POST", "/api/warnings", json=cast.warning())).status_code == 202
    refused = await cast.ask("Dov", "POST", "/api/warnings", json=cast.warning(external_id="w-9"))
    assert refused.status_code == 403


async def test_what_is_no_json_or_too_large_is_refused(cast: Cast) -> None:
    assert (await cast.ask("bank", "POST", "/api/warnings", content=b"{")).status_code == 400
    large = await cast.ask("bank", "POST", "/api/warnings", content=b"x" * 60_000)
    assert large.status_code == 413 and large.json()["type"] == "urn:outreach:TooLarge"


async def test_a_bad_cursor_of_the_feed_is_named(cast: Cast) -> None:
    answer = await cast.ask("bank", "GET", "/api/feed?after=soon")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "after"


async def test_an_unknown_warning_is_not_found(cast: Cast) -> None:
    assert (await cast.ask("bank", "GET", f"/api/warnings/{uuid.uuid4()}")).status_code == 404
    assert (await cast.ask("bank", "GET", "/api/warnings/nonsense")).status_code == 404
