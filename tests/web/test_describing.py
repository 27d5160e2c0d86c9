"""The API's own description, held against what the API answers."""

from __future__ import annotations

import uuid
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import validate

from outreach.access import code_of, issue_token, make_link
from outreach.access.coordinators import name_hash
from outreach.access.passwords import hash_of_password, new_secret
from outreach.clock import SetClock
from outreach.models import (
    AccessToken,
    Attempt,
    Category,
    Coordinator,
    CoordinatorLogin,
    EscalationPolicy,
    Notice,
    Outreach,
    Phone,
    Resident,
    SignInCode,
    Target,
)
from outreach.models.sealing import keyed_hash
from outreach.models.states import Audience, Channel, NoticeChannel, SendStatus, TokenKind
from outreach.outcomes import tell_board
from outreach.registry import seed
from outreach.settings import Settings
from outreach.web import Parts, make_web, routes_of
from outreach.web.table import Route
from tests.harness.authenticator import digits_of, secret_in
from tests.harness.described import DOCUMENT, all_listed, content_of, hold_to_the_description, validator_of
from tests.web.conftest import PUBLIC, PUSH_KEYS, Cast, an_outreach

ROUTES = routes_of(Settings())

HOLDER = {
    TokenKind.SOURCE: "bank",
    TokenKind.RESPONDER: "Ben",
    TokenKind.COORDINATOR: "Cleo",
    TokenKind.HOTLINE: "Cleo at the hotline",
    TokenKind.CHIEF: "Cleo as chief",
    TokenKind.ADMIN: "Cleo as admin",
}
SUBSCRIPTION = {"endpoint": "https://push.example/send/abc", "keys": PUSH_KEYS}
ANY_VERSION = {"If-Match": "*"}


@pytest.mark.slow
async def test_the_description_is_valid_and_true_for_every_route(cast: Cast) -> None:
    document = (await cast.ask(None, "GET", "/openapi.json")).json()
    validate(document)
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(route.method, route.path) for route in ROUTES}
    assert document["openapi"].startswith("3.1")
    assert document["paths"] == DOCUMENT["paths"] and document["components"] == DOCUMENT["components"]


async def test_the_docs_page_shows_every_status_and_shape_and_needs_nothing_from_elsewhere(cast: Cast) -> None:
    page = await cast.ask(None, "GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "/api/warnings" in page.text and "://" not in page.text
    for name in DOCUMENT["components"]["schemas"]:
        assert f'id="{name}"' in page.text
    for _, _, status in all_listed():
        assert f"<td>{status}</td>" in page.text


def test_no_answer_holds_a_field_that_is_not_described() -> None:
    for method, path, status in all_listed() - {("GET", "/openapi.json", 200)}:
        for media in (media for media in content_of(method, path, status) if media.endswith("json")):
            judge = validator_of(method, path, status, media)
            assert not judge.is_valid({}) and not judge.is_valid([]), (method, path, status)
    shapes = DOCUMENT["components"]["schemas"]
    responses = [operation["responses"] for at in DOCUMENT["paths"].values() for operation in at.values()]
    answered = {name for name in _named_in(responses) if "properties" in shapes[name]}
    assert "Counts" in answered and "ResidentShown" in answered
    assert not [name for name in answered if shapes[name].get("additionalProperties") is not False]


def _named_in(schema: Any, known: frozenset[str] = frozenset()) -> frozenset[str]:
    """The shapes that `schema` refers to, and those that they do."""
    if isinstance(schema, list):
        for inner in schema:
            known = _named_in(inner, known)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in known:
            known = _named_in(DOCUMENT["components"]["schemas"][name], known | {name})
        known = _named_in(list(schema.values()), known)
    return known


@pytest.mark.slow
async def test_every_answer_that_is_listed_is_one_that_a_route_gives(cast: Cast, settings: Settings) -> None:
    await _before_the_installation_is_set_up(cast, settings)
    for route in ROUTES:
        await _refused_at_the_door(cast, route)
    outreach_id = await an_outreach(cast)
    await _the_bank(cast)
    await _cleo(cast, outreach_id)
    await _ben(cast, outreach_id)
    await _the_provider(cast, outreach_id)
    await _the_registry(cast, outreach_id)
    await _the_policies(cast)
    await _files_brought_in(cast)
    await _anybody(cast)
    await _two_who_are_one(cast)
    await _who_coordinates(cast)
    await _somebody_gets_in(cast)
    never = {listed for listed in all_listed() - cast.seen if listed[2] != 500}
    assert not never, sorted(never)


async def test_a_failure_of_ours_is_answered_as_listed(now: datetime, settings: Settings) -> None:
    # No database is connected here, so whatever needs it fails.
    app = make_web(Parts(settings, SetClock(now), lambda: None))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        for path, status in (("/api/me", 500), ("/readyz", 503)):
            answer = await client.get(path, headers={"Authorization": "Bearer Ada"})
            assert await hold_to_the_description(answer) == ("GET", path, status)


async def _before_the_installation_is_set_up(cast: Cast, settings: Settings) -> None:
    await Category.all().delete()
    assert (await cast.ask(None, "GET", "/readyz")).status_code == 503
    await seed(settings, cast.clock.now())


async def _refused_at_the_door(cast: Cast, route: Route) -> None:
    """What the edge refuses on this route before its handler decides anything."""
    path, whose = route.path.replace("{id}", str(uuid.uuid4())), next((HOLDER[kind] for kind in route.kinds), None)
    headers = {"Phone-Now": cast.clock.now().isoformat()} | (ANY_VERSION if route.needs_version else {})
    if route.kinds:
        await cast.ask(None, route.method, path)
        await cast.ask(HOLDER[next(kind for kind in TokenKind if kind not in route.kinds)], route.method, path)
    if route.reads is not None:
        for body in (b"{", b"x" * 60_000):
            await cast.ask(whose, route.method, path, content=body, headers=headers)
    if route.signed:
        await cast.client.post(path, data={"MessageStatus": "sent"})
        await cast.client.post(path, content=b"x" * 60_000)
        await cast.called_back(path, {"MessageStatus": "sent"})
        await cast.called_back(f"{path}?odd=%00", {})
    else:
        await cast.ask(whose, route.method, f"{path}?odd=%00", headers=headers)
    if route.needs_version:
        await cast.ask(
            whose, route.method, path, json={"reason": "asked", "responder_id": str(cast.ben.id), "to": None}
        )


async def _the_bank(cast: Cast) -> None:
    said = (await cast.warn()).json()
    await cast.warn()
    await cast.warn(summary="Something else.")
    many = [cast.warning(external_id="w-2", mood="calm"), cast.warning(), cast.warning(category="nonsense"), 7]
    await cast.ask("bank", "POST", "/api/warnings", json=many)
    await cast.ask("bank", "GET", f"/api/warnings/{said['id']}")
    await cast.ask("bank", "GET", f"/api/warnings/{uuid.uuid4()}")
    await cast.ask("bank", "GET", "/api/feed")
    await cast.ask("bank", "GET", "/api/reports/time-to-reach")


async def _cleo(cast: Cast, outreach_id: str) -> None:
    case = f"/api/outreaches/{outreach_id}"
    for path in ("/api/outreaches", case, f"{case}/candidates", "/api/reports/time-to-reach?by=severity&format=csv"):
        await cast.ask("Cleo", "GET", path)
    for path in (case, f"{case}/candidates", "/api/reports/time-to-reach?area=/hz/xh/"):
        await cast.ask("Dov", "GET", path)
    await cast.ask("Cleo", "GET", "/api/desk")
    for name in ("period", "cases", "table?format=xlsx", "table"):
        await cast.ask("Cleo", "GET", f"/api/reports/{name}")
        await cast.ask("Dov", "GET", f"/api/reports/{name}{'&' if '?' in name else '?'}area=/hz/xh/")
    target = {"target_id": str((await Target.filter(outreach_id=outreach_id))[0].id), "defrauded": True, "lost": 70}
    for body in (target, {**target, "mood": "calm"}):
        for whose in ("Cleo", "Dov"):
            await cast.ask(whose, "POST", f"{case}/aftermath", json=body)
    for whose in ("Cleo", "Dov"):
        home = f"/api/responders/{cast.ben.id}/going-home"
        await cast.ask(whose, "GET", home)
        for path in (home, f"{home}/undo"):
            await cast.ask(whose, "POST", path, json={"moves": []})
    await cast.ask("Cleo", "POST", "/api/hand-on", json={"to": None})
    body = {"reason": "asked", "outcome": "no_answer", "responder_id": str(cast.ben.id), "to": None}
    names = ("take", "contact", "reassign", "undo", "hand-on", "pause", "resume", "close", "hand-on", "reopen")
    for name in names:
        await cast.ask("Dov", "POST", f"{case}/{name}", json=body, headers=ANY_VERSION)
        await cast.ask("Cleo", "POST", f"{case}/{name}", json=body, headers={"If-Match": '"77"'})
        await cast.ask("Cleo", "POST", f"{case}/{name}", json=body, headers=ANY_VERSION)
        await cast.ask("Cleo", "POST", f"{case}/{name}", json=body, headers=ANY_VERSION)
    for _ in range(11):
        await cast.ask("Cleo", "POST", "/api/visit-codes/check", json={"code": "000000"})
        await cast.ask("Cleo", "POST", "/api/case-words/check", json={"word": "A2A2A"})


async def _ben(cast: Cast, outreach_id: str) -> None:
    now = cast.clock.now()
    until = (now + timedelta(hours=4)).isoformat()
    await cast.ask("Ben", "PATCH", "/api/me/duty", json={"until": until, "mood": "calm"})
    await cast.ask("Ben", "POST", "/api/me/position", json={"lat": 30.3, "lon": 120.2})
    refused = await cast.offered(outreach_id)
    for path in ("/api/me", "/api/me/offers", "/api/me/hours", "/api/me/live"):
        await cast.ask("Ben", "GET", path)
    await cast.ask("Ben", "PUT", "/api/me/away", json={"days": []})
    await cast.ask("Ben", "PUT", "/api/me/push", json=SUBSCRIPTION)
    await cast.ask("Ben", "DELETE", "/api/me/push")
    await cast.ask("Ben", "POST", f"/api/offers/{refused.id}/seen")
    await cast.ask("Ben", "POST", f"/api/offers/{refused.id}/decline", json={"reason": "too_far"})
    taken = await cast.offered(outreach_id)
    task = (await cast.ask("Ben", "POST", f"/api/offers/{taken.id}/accept")).json()
    for offer_id in (refused.id, uuid.uuid4()):
        await cast.ask("Ben", "POST", f"/api/offers/{offer_id}/accept")
    await cast.ask("Ben", "GET", f"/api/tasks/{uuid.uuid4()}")
    await cast.ask("Ben", "POST", f"/api/offers/{uuid.uuid4()}/seen")
    for offer_id in (taken.id, uuid.uuid4()):
        await cast.ask("Ben", "POST", f"/api/offers/{offer_id}/decline", json={})
    await cast.ask("Ben", "GET", "/api/me/tasks")
    await cast.ask("Ben", "GET", f"/api/tasks/{task['id']}")
    await _check_in(cast, task["id"])
    await _check_in(cast, str(uuid.uuid4()))
    await cast.ask("Cleo", "GET", f"/api/outreaches/{outreach_id}")


async def _check_in(cast: Cast, task_id: str) -> None:
    now = cast.clock.now().isoformat()
    body = {"id": str(uuid.uuid4()), "task_id": task_id, "kind": "outcome", "outcome": "not_convinced", "made_at": now}
    for more in ({}, {}, {"outcome": "refused"}):
        await cast.ask("Ben", "POST", "/api/checkins", json=body | more, headers={"Phone-Now": now})


async def _two_who_are_one(cast: Cast) -> None:
    one, other = [await Resident.create(name="Ada", area=cast.area, made_at=cast.clock.now()) for _ in range(2)]
    for whose in ("Cleo", "Dov"):
        await cast.ask(whose, "GET", f"/api/residents/{one.id}/merge?other={other.id}")
    for path in ("not-same", "merge"):
        for content in (b"{", b"x" * 60_000):
            at = f"/api/residents/{one.id}/{path}"
            await cast.ask("Cleo", "POST", at, content=content, headers=ANY_VERSION)
    body = {"other": str(other.id)}
    for path in ("not-same", "merge", "merge", "not-same"):
        for given in (body, {}):
            at = f"/api/residents/{one.id}/{path}"
            await cast.ask("Cleo", "POST", at, json=given, headers={"If-Match": '"77"'})
            await cast.ask("Cleo", "POST", at, json=given, headers=ANY_VERSION)
        await cast.ask("Dov", "POST", f"/api/residents/{one.id}/{path}", json=body, headers=ANY_VERSION)
    for method, path in (("GET", f"merge?other={other.id}"), ("POST", "not-same")):
        await cast.ask("Cleo", method, f"/api/residents/{one.id}/{path}", json=body)


async def _who_coordinates(cast: Cast) -> None:
    chi = {"name": "Chi", "role": "admin", "area": "xh", "mood": "calm"}
    made = (await cast.ask("Cleo as admin", "POST", "/api/coordinators", json=chi)).json()
    await cast.ask("Cleo as admin", "POST", "/api/coordinators", json={})
    await cast.ask("Cleo as admin", "GET", "/api/coordinators")
    at = f"/api/coordinators/{made['id']}"
    for content in (b"{", b"x" * 60_000):
        await cast.ask("Cleo as admin", "PUT", at, content=content, headers=ANY_VERSION)
    for whose, version, role in (
        ("Dov as admin", "*", "admin"),
        ("Cleo as admin", '"77"', "admin"),
        ("Cleo as admin", "*", "chief"),
        ("Cleo as admin", "*", "admin"),
        ("Cleo as admin", "*", "king"),
    ):
        await cast.ask(whose, "PUT", at, json={**chi, "role": role}, headers={"If-Match": version})
    for whose in ("Dov as admin", "Cleo as admin"):
        for method, path in (("POST", f"{at}/link"), ("DELETE", f"{at}/sessions"), ("DELETE", at)):
            await cast.ask(whose, method, path)
    await Coordinator.filter(id=made["id"]).update(role=TokenKind.CHIEF)
    await _another_password(cast, made["id"])
    await cast.ask("Cleo as admin", "DELETE", at)


async def _another_password(cast: Cast, coordinator_id: str) -> None:
    cast.tokens["Chi"] = await issue_token(TokenKind.CHIEF, uuid.UUID(coordinator_id), cast.clock.now())
    for body in ({}, {"code": "12"}):
        await cast.ask("Chi", "POST", "/api/session/link", json=body)
    login = {"password": await hash_of_password("x"), "totp_secret": new_secret("x"), "made_at": cast.clock.now()}
    await CoordinatorLogin.create(coordinator_id=coordinator_id, name_hash="x", **login)
    for _ in range(11):
        await cast.ask("Chi", "POST", "/api/session/link", json={"mood": "calm"})


async def _somebody_gets_in(cast: Cast) -> None:
    for responder_id in (cast.ben.id, uuid.uuid4()):
        await cast.ask("Cleo", "POST", f"/api/responders/{responder_id}/invite")
    ben = {"phone": cast.ben.number}
    for _ in range(6):
        await cast.ask(None, "POST", "/api/sign-in/codes", json=ben)
    code = code_of((await SignInCode.filter(responder_id=cast.ben.id).first()).id)  # type: ignore[union-attr]
    for _ in range(2):
        await cast.ask(None, "POST", "/api/sign-in/sessions", json=ben | {"code": code})
    for _ in range(20):
        await cast.ask(None, "POST", "/api/sign-in/sessions", json=ben | {"code": code})
    cast.client.cookies.clear()
    await _cleo_gets_in(cast)
    cast.client.cookies.clear()
    await cast.ask(None, "GET", "/api/service")
    await cast.ask("Ben", "GET", "/api/session")
    await cast.ask("Ben", "DELETE", "/api/session")
    cast.tokens["Ben"] = await issue_token(TokenKind.RESPONDER, cast.ben.id, cast.clock.now())
    await cast.ask("Ben", "DELETE", "/api/sessions")


async def _cleo_gets_in(cast: Cast) -> None:
    key = await AccessToken.get(hash=keyed_hash(cast.tokens["Cleo"]))
    link = {"link": (await make_link(key.holder_id, cast.clock.now())).code}
    looked = (await cast.ask(None, "POST", "/api/sign-in/links/look", json=link)).json()
    login = {"name": "cleo", "password": "a willow by the lake", "code": "000000"}
    await cast.ask(None, "POST", "/api/sign-in/links", json=link | {"set_up": login})
    login["code"] = digits_of(secret_in(looked["authenticator"]), cast.clock.now())
    dovs = await AccessToken.get(hash=keyed_hash(cast.tokens["Dov"]))
    taken = {"password": "x", "totp_secret": "x", "made_at": cast.clock.now(), "name_hash": name_hash("dov")}
    await CoordinatorLogin.create(coordinator_id=dovs.holder_id, **taken)
    await cast.ask(None, "POST", "/api/sign-in/links", json=link | {"set_up": login | {"name": "Dov"}})
    await cast.ask(None, "POST", "/api/sign-in/links", json=link | {"set_up": login})
    cast.client.cookies.clear()
    cast.clock.advance(timedelta(seconds=30))
    login["code"] = digits_of(secret_in(looked["authenticator"]), cast.clock.now())
    for _ in range(12):
        await cast.ask(None, "POST", "/api/sign-in/passwords", json=login)
        cast.client.cookies.clear()
    for _ in range(20):
        await cast.ask(None, "POST", "/api/sign-in/links/look", json=link)
    await cast.ask(None, "POST", "/api/sign-in/links", json=link)
    await cast.ask("Cleo", "GET", "/api/board")
    await cast.ask("Cleo", "GET", f"/api/board/cases?ids={uuid.uuid4()}")
    await cast.ask("Cleo", "GET", "/api/board/ended")
    await tell_board("provider_trouble", None, cast.clock.now(), code="20003")
    word = (await cast.ask("Cleo", "GET", "/api/board/words")).json()["words"][0]
    for _ in range(2):
        await cast.ask("Cleo", "POST", f"/api/board/words/{word['id']}/seen")
    await cast.ask("Cleo as chief", "GET", "/api/audit")
    await cast.ask("Cleo", "GET", "/api/live")
    await cast.ask("Cleo as admin", "GET", "/api/sessions")
    await cast.ask("Cleo as admin", "GET", f"/api/sessions?of={uuid.uuid4()}")
    await cast.ask("Cleo", "DELETE", f"/api/sessions/{uuid.uuid4()}")
    await cast.ask("Cleo as admin", "DELETE", f"/api/sessions/{key.id}")


async def _the_provider(cast: Cast, outreach_id: str) -> None:
    attempt, notice = await _sent(cast, outreach_id)
    await cast.called_back(f"/twilio/attempts/{attempt.id}/voice", {"CallSid": "CA1"})
    await cast.called_back(f"/twilio/attempts/{attempt.id}/key", {"CallSid": "CA1", "Digits": "1"})
    await cast.called_back(f"/twilio/attempts/{attempt.id}/status", {"CallSid": "CA1", "CallStatus": "completed"})
    await cast.called_back(f"/twilio/notices/{notice.id}/status", {"MessageSid": "SM1", "MessageStatus": "delivered"})
    await cast.called_back("/twilio/sms", {"From": "+14155550101", "Body": "1", "MessageSid": "SM7"})
    await cast.called_back("/twilio/voice", {"From": "+14155550101", "CallSid": "CA2"})


async def _sent(cast: Cast, outreach_id: str) -> tuple[Attempt, Notice]:
    now = cast.clock.now()
    sent: dict[str, Any] = {"status": SendStatus.SENDING, "queued_at": now, "send_after": now, "sending_at": now}
    phone = await Phone.all().first()
    attempt = await Attempt.create(
        outreach_id=outreach_id, channel=Channel.VOICE, phone=phone, step=0, text_key="fraud", **sent
    )
    notice = await Notice.create(
        audience=Audience.RESPONDER, channel=NoticeChannel.SMS, kind="called_off", responder=cast.ben, **sent
    )
    return attempt, notice


async def _the_registry(cast: Cast, outreach_id: str) -> None:
    for people in ("residents", "responders"):
        await cast.ask("Cleo", "POST", f"/api/{people}/search", json={"text": ""})
    ada = (await Outreach.get(id=outreach_id)).resident_id
    await Resident.filter(id=ada).update(area_id=cast.area.id)
    home = {"role": "volunteer", "languages": ["en"], "capacity": 2, "lat": 30.25, "lon": 120.15}
    for path in (f"/api/residents/{ada}", f"/api/responders/{cast.ben.id}"):
        await cast.ask("Cleo", "GET", path)
        await cast.ask("Cleo", "GET", f"{path[:-36]}{uuid.uuid4()}")
        for body in (b"{", b"x" * 60_000):
            await cast.ask("Cleo", "PUT", path, content=body, headers=ANY_VERSION)
        said = {"name": "Ben", "phone": cast.ben.number, "area": "xh", **home}
        for headers in ({"If-Match": '"77"'}, ANY_VERSION):
            await cast.ask("Cleo", "PUT", path, json=said, headers=headers)
        new = said | {"phone": "+14155550177", "phones": [{"number": "+14155550177"}]}
        await cast.ask("Cleo", "POST", path[:-37], json=new)
    await _its_places(cast)


async def _its_places(cast: Cast) -> None:
    noon, nothing = cast.clock.now(), uuid.uuid4()
    hours = {"starts_at": noon.isoformat(), "ends_at": (noon + timedelta(hours=2)).isoformat()}
    shift = await cast.ask("Cleo", "POST", "/api/shifts", json={**hours, "responder_id": str(cast.ben.id)})
    cast.clock.advance(timedelta(minutes=1))
    await cast.ask("Cleo", "GET", "/api/shifts")
    await cast.ask("Cleo", "GET", "/api/shifts?area=/hz/yh/")
    for each in (shift.json()["id"], shift.json()["id"], nothing):
        await cast.ask("Cleo", "POST", f"/api/shifts/{each}/end")
    admin, area, unit = "Cleo as admin", {"name": "Lake"}, {"name": "Lake", "kind": "bank"}
    new_area = {**area, "code": "lake", "kind": "grid", "parent": "xh"}
    made = [
        (await cast.ask(admin, "POST", f"/api/{kind}", json=body)).json()["id"]
        for kind, body in (("areas", new_area), ("units", {**unit, "code": "lake"}))
    ]
    for kind, whose, body in (("areas", made[0], {**area, "parent": "xh"}), ("units", made[1], unit)):
        await cast.ask(admin, "GET", f"/api/{kind}")
        for headers in ({"If-Match": '"77"'}, ANY_VERSION):
            await cast.ask(admin, "PUT", f"/api/{kind}/{whose}", json=body, headers=headers)
        for broken in (b"{", b"x" * 60_000):
            await cast.ask(admin, "PUT", f"/api/{kind}/{whose}", content=broken, headers=ANY_VERSION)
    await cast.ask(admin, "GET", f"/api/areas/{made[0]}")
    await cast.ask(admin, "GET", f"/api/areas/{nothing}")
    await _its_categories(cast)
    source = {"unit": "lake", "code": "lake", "name": "Lake", "area": "xh"}
    made = [(await cast.ask(admin, "POST", "/api/sources", json=source)).json()["id"], str(nothing)]
    await cast.ask(admin, "GET", "/api/sources")
    for each in made:
        await cast.ask(admin, "POST", f"/api/sources/{each}/keys")
        for body in (b"{}", b"{", b"x" * 60_000):
            await cast.ask(admin, "POST", f"/api/sources/{each}/revoke", content=body)


async def _its_categories(cast: Cast) -> None:
    one = (await cast.ask("Cleo", "GET", "/api/categories")).json()["categories"][0]
    whole = await Coordinator.create(name="Cleo")
    path, city = f"/api/categories/{one['id']}", "the city's admin"
    cast.tokens[city] = await issue_token(TokenKind.ADMIN, whole.id, cast.clock.now())
    for whose, headers in (("Cleo as admin", ANY_VERSION), (city, {"If-Match": '"77"'}), (city, ANY_VERSION)):
        await cast.ask(whose, "PUT", path, json=one, headers=headers)
    for broken in (b"{", b"x" * 60_000):
        await cast.ask(city, "PUT", path, content=broken, headers=ANY_VERSION)


async def _the_policies(cast: Cast) -> None:
    citys, nothing = await Coordinator.create(name="Cleo"), uuid.uuid4()
    cast.tokens["the admin"] = await issue_token(TokenKind.ADMIN, citys.id, cast.clock.now())
    first = (await EscalationPolicy.get(name="fraud_high", version=1)).id
    await cast.ask("Cleo", "GET", "/api/policies")
    for each in (first, nothing):
        await cast.ask("Cleo", "GET", f"/api/policies/{each}")
        await cast.ask("Cleo", "GET", f"/api/policies/{each}/changes")
        for headers in ({}, {"If-Match": '"77"'}, ANY_VERSION):
            await cast.ask("the admin", "POST", f"/api/policies/{each}/put-back", headers=headers)
    ladder = {"accepts": ["in_person"], "gives_up_after": "2h", "steps": [{"do": "visit", "after": "1m"}]}
    path = f"/api/policies/{first}/versions"
    for headers in ({}, {"If-Match": '"77"'}, ANY_VERSION, ANY_VERSION):
        await cast.ask("the admin", "POST", path, json=ladder, headers=headers)
    for body in (b"{", b"x" * 60_000, b"{}"):
        await cast.ask("the admin", "POST", path, content=body, headers=ANY_VERSION)
    await cast.ask("the admin", "POST", f"/api/policies/{nothing}/versions", json=ladder, headers=ANY_VERSION)
    await cast.ask("the admin", "POST", f"/api/policies/{first}/put-back", headers=ANY_VERSION)


async def _files_brought_in(cast: Cast) -> None:
    await cast.ask("Cleo", "GET", "/api/registry/imports")
    rows = b64encode(b"external_id,phone,area\nR1,+14155550178,xh\n").decode()
    for digest in (None, "0" * 64):
        file = {"kind": "residents", "name": "a.csv", "content": rows, "apply": digest}
        await cast.ask("Cleo", "POST", "/api/registry/imports", json=file)


async def _anybody(cast: Cast) -> None:
    for path in ("/healthz", "/readyz", "/openapi.json", "/docs"):
        await cast.ask(None, "GET", path)
