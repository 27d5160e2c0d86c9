"""Ben's phone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from outreach.models import Absence, Address, Event, Responder, Shift
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach


async def _on_duty(cast: Cast) -> str | None:
    return (await cast.ask("Ben", "GET", "/api/me")).json()["on_duty_until"]  # type: ignore[no-any-return]


async def test_ben_goes_on_duty_and_off_again(cast: Cast) -> None:
    assert await _on_duty(cast) is None
    until = (cast.clock.now() + timedelta(hours=4)).isoformat()
    answer = await cast.ask("Ben", "PATCH", "/api/me/duty", json={"until": until})
    assert answer.status_code == 200 and answer.json()["on_duty_until"] is not None
    assert (await Shift.all().get()).origin == "switch"
    cast.clock.advance(timedelta(hours=1))
    assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json={"off": True})).json()["on_duty_until"] is None


async def test_off_during_a_planned_shift_holds_until_it_ends(cast: Cast) -> None:
    now = cast.clock.now()
    await Shift.create(responder=cast.ben, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=2))
    assert await _on_duty(cast) is not None
    await cast.ask("Ben", "PATCH", "/api/me/duty", json={"off": True})
    assert await _on_duty(cast) is None and await Absence.all().count() == 1
    until = (now + timedelta(hours=1)).isoformat()
    await cast.ask("Ben", "PATCH", "/api/me/duty", json={"until": until})
    assert await _on_duty(cast) is not None


@pytest.mark.parametrize(
    "body", [{}, {"off": True, "until": "2026-11-24T08:00:00Z"}, {"until": "2026-11-20T08:00:00Z"}]
)
async def test_a_duty_that_makes_no_sense_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json=body)).status_code == 422
    assert await Shift.all().count() == 0


async def test_the_phone_says_where_ben_is(cast: Cast) -> None:
    answer = await cast.ask("Ben", "POST", "/api/me/position", json={"lat": 30.3, "lon": 120.2})
    assert answer.status_code == 200
    ben = await Responder.get(id=cast.ben.id)
    assert (ben.lat, ben.lon, ben.position_at) == (30.3, 120.2, cast.clock.now()) and ben.cell != cast.ben.cell
    beyond = await cast.ask("Ben", "POST", "/api/me/position", json={"lat": 99, "lon": 0})
    assert beyond.json()["errors"][0]["field"] == "lat"


async def test_ben_sees_adas_number_only_while_he_holds_the_task(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    offers = await cast.ask("Ben", "GET", "/api/me/offers")
    assert [each["id"] for each in offers.json()["offers"]] == [str(offer.id)]
    assert ADAS_PHONE not in offers.text and "Ada" not in offers.text
    taken = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    assert taken.status_code == 200 and taken.json()["resident"]["phones"][0]["number"] == ADAS_PHONE
    assert ADAS_PHONE in (await cast.ask("Ben", "GET", "/api/me/tasks")).text
    assert await Event.filter(kind="details_shown").count() == 2
    await cast.ask("Cleo", "POST", f"/api/outreaches/{offer.outreach_id}/close", headers={"If-Match": "*"},
                   json={"reason": "left_town"})  # fmt: skip
    assert (await cast.ask("Ben", "GET", "/api/me/tasks")).json() == {"tasks": []}
    again = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    assert ADAS_PHONE not in again.text


async def test_an_address_known_to_be_wrong_is_not_shown_to_whoever_goes(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    taken = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json()
    assert len(taken["resident"]["addresses"]) == 1
    await Address.all().update(wrong_at=cast.clock.now())
    [shown] = (await cast.ask("Ben", "GET", "/api/me/tasks")).json()["tasks"]
    assert shown["resident"]["addresses"] == []


async def test_ben_declines_and_cannot_take_it_after(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    answer = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/decline", json={"reason": "too_far"})
    assert answer.json()["status"] == "declined"
    late = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")
    assert late.status_code == 409 and late.json()["type"] == "urn:outreach:OfferOver"


async def test_a_check_in_counts_once_however_often_it_is_sent(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    task = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json()
    now = cast.clock.now().isoformat()
    body = {"id": str(uuid.uuid4()), "task_id": task["id"], "kind": "outcome", "outcome": "convinced", "made_at": now}
    body |= {"location": {"lat": 30.25, "lon": 120.15}, "accuracy_m": 12}
    given: dict[str, Any] = {"json": body, "headers": {"Phone-Now": now}}
    first = await cast.ask("Ben", "POST", "/api/checkins", **given)
    again = await cast.ask("Ben", "POST", "/api/checkins", **given)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    other = await cast.ask("Ben", "POST", "/api/checkins", **(given | {"json": body | {"outcome": "refused"}}))
    assert other.status_code == 409 and other.json()["type"] == "urn:outreach:DifferentContent"
    silent = await cast.ask("Ben", "POST", "/api/checkins", json=body)
    assert silent.json()["errors"][0]["field"] == "Phone-Now"
