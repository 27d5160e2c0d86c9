"""What the phone's screens are made of: hours and days away, an offer seen, what may be said, how a task ended."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import httpx2

from outreach.models import EscalationPolicy, Event, Offer, Outreach, Responder
from outreach.models.sealing import keyed_hash
from tests.web.conftest import Cast, an_outreach

HOUR = timedelta(hours=1)


async def held_by_ben(cast: Cast) -> dict[str, Any]:
    offer = await cast.offered(await an_outreach(cast))
    task: dict[str, Any] = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json()
    return task


async def report(cast: Cast, task_id: str, kind: str, **more: Any) -> httpx2.Response:
    """Ben's phone reports."""
    now = cast.clock.now().isoformat()
    body = {"id": str(uuid.uuid4()), "task_id": task_id, "kind": kind, "made_at": now, **more}
    return await cast.ask("Ben", "POST", "/api/checkins", json=body, headers={"Phone-Now": now})


async def test_ben_is_on_duty_from_eight_in_the_evening_and_not_before(cast: Cast) -> None:
    evening, night = cast.clock.now() + 8 * HOUR, cast.clock.now() + 10 * HOUR
    body = {"from": evening.isoformat(), "until": night.isoformat()}
    told = (await cast.ask("Ben", "PATCH", "/api/me/duty", json=body)).json()
    assert told["on_duty_until"] is None
    assert told["next_duty"] == {name: at.replace("+00:00", "Z") for name, at in body.items()}
    cast.clock.advance(9 * HOUR)
    later = (await cast.ask("Ben", "GET", "/api/me")).json()
    assert later["on_duty_until"] == told["next_duty"]["until"] and later["next_duty"] is None


async def test_ben_names_the_days_on_which_he_is_away_and_takes_one_back(cast: Cast) -> None:
    for days in (["2026-11-28", "2026-11-27", "2026-11-28"], ["2026-11-28"]):
        told = (await cast.ask("Ben", "PUT", "/api/me/away", json={"days": days})).json()
        assert told["away"] == sorted(set(days))
    # Ten in the morning of the 28th in the city.
    cast.clock.advance(timedelta(days=3, hours=22))
    shift = {
        "until": (cast.clock.now() + HOUR).isoformat(),
        "from": (cast.clock.now() + timedelta(minutes=1)).isoformat(),
    }
    assert (await cast.ask("Ben", "GET", "/api/me")).json()["away"] == []
    assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json=shift)).status_code == 200


async def test_an_offer_is_seen_when_the_phone_shows_it_and_not_when_it_fetches(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    [told] = (await cast.ask("Ben", "GET", "/api/me/offers")).json()["offers"]
    assert (told["area"], told["family"], told["category_name"]["zh-CN"]) == ("West Lake", "fraud", "冒充公检法或银行")
    assert (await Offer.get(id=offer.id)).seen_at is None
    first = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/seen")
    cast.clock.advance(HOUR)
    assert (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/seen")).json() == first.json()
    assert (await Offer.get(id=offer.id)).seen_at == cast.clock.now() - HOUR


async def test_whoever_holds_the_visit_reads_what_is_known_and_what_may_be_said_of_it(cast: Cast) -> None:
    task = await held_by_ben(cast)
    assert task["known"] == [{"detected_at": task["accepted_at"], "summary": "Somebody claims to be the police."}]
    for part in ("scripts", "say", "keep_back", "door"):
        assert set(task[part]) == {"en", "zh-CN"} and all(task[part].values()), part
    assert task["visit_code"] and task["visit_code_expires_at"] and task["companion"] is False


async def test_a_policy_may_want_a_companion_at_the_door(cast: Cast) -> None:
    task = await held_by_ben(cast)
    known = await EscalationPolicy.get(name="fraud_high")
    steps: Any = known.body["steps"]
    body = known.body | {"steps": [step | {"companion": step["do"] == "visit"} for step in steps]}
    given = {"family": known.family, "severity": known.severity, "made_at": known.made_at}
    newer = await EscalationPolicy.create(name="fraud_high", version=2, body=body, digest="companion", **given)
    await Outreach.filter(id=task["outreach_id"]).update(policy_id=newer.id)
    assert (await cast.ask("Ben", "GET", f"/api/tasks/{task['id']}")).json()["companion"] is True


async def test_after_the_visit_the_phone_is_told_how_it_ended_and_no_longer_where(cast: Cast) -> None:
    task = await held_by_ben(cast)
    assert task["ended"] is None
    await report(cast, task["id"], "outcome", outcome="convinced")
    over = (await cast.ask("Ben", "GET", f"/api/tasks/{task['id']}")).json()
    assert over["ended"]["why"] == "done" and over["ended"]["outcome"] == over["ended"]["end_state"] == "convinced"
    assert over["resident"] is over["visit_code"] is None and over["known"] == []
    assert await Event.filter(kind="details_shown").count() == 1


async def test_a_visit_that_was_moved_tells_who_has_it_now(cast: Cast) -> None:
    task = await held_by_ben(cast)
    given = {
        name: getattr(cast.ben, name)
        for name in ("country", "role", "trained", "vetted_until", "home_lat", "home_lon", "cell")
    }
    eve = await Responder.create(
        name="Eve", number="+14155550177", number_hash=keyed_hash("+14155550177"), area=cast.area, **given
    )
    body = {"responder_id": str(eve.id), "reason": "nearer"}
    path = f"/api/outreaches/{task['outreach_id']}/reassign"
    assert (await cast.ask("Cleo", "POST", path, json=body, headers={"If-Match": "*"})).status_code == 200
    over = (await cast.ask("Ben", "GET", f"/api/tasks/{task['id']}")).json()
    assert (over["ended"]["why"], over["ended"]["taken_by"], over["resident"]) == ("reassigned", "Eve", None)
