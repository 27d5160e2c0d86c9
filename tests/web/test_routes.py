"""Rules that hold for every route of the table."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from tortoise.context import get_current_context

from outreach.access import csrf_of, issue_token
from outreach.access.sessions import start_session
from outreach.clock import SetClock
from outreach.models import (
    AccessToken,
    CheckIn,
    Notice,
    Offer,
    Outreach,
    Resident,
    Responder,
    Shift,
    Source,
    Target,
    Task,
    Warning,
)
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind
from outreach.outcomes import tell_board
from outreach.settings import Settings
from outreach.web import Parts, make_web, routes_of
from tests.web.conftest import ADAS_PHONE, PUBLIC, Cast, an_outreach

ROUTES = routes_of(Settings())

HOLDER = {
    TokenKind.SOURCE: "bank",
    TokenKind.RESPONDER: "Ben",
    TokenKind.COORDINATOR: "Cleo",
    TokenKind.HOTLINE: "Cleo at the hotline",
    TokenKind.CHIEF: "Cleo as chief",
    TokenKind.ADMIN: "Cleo as admin",
}
BEAS_PHONE = "+14155550105"
FAR_BEN = ("name", "number", "country", "role", "trained", "vetted_until", "home_lat", "home_lon", "cell")
OPEN = {"/healthz", "/readyz", "/openapi.json", "/docs", "/api/service", "/api/sign-in/codes", "/api/sign-in/sessions"}
OPEN |= {"/api/sign-in/passwords", "/api/sign-in/links", "/api/sign-in/links/look"}


def _at(path: str) -> str:
    return path.replace("{id}", str(uuid.uuid4()))


async def test_every_route_refuses_no_token_and_each_wrong_kind(cast: Cast) -> None:
    for route in (route for route in ROUTES if route.kinds):
        bare = await cast.ask(None, route.method, _at(route.path))
        assert bare.status_code == 401 and bare.headers["www-authenticate"] == "Bearer", route.path
        cast.tokens["nobody"] = "src_unknown"
        assert (await cast.ask("nobody", route.method, _at(route.path))).status_code == 401
        for kind in set(TokenKind) - set(route.kinds):
            answer = await cast.ask(HOLDER[kind], route.method, _at(route.path))
            assert answer.status_code == 403, (route.path, kind)
            assert answer.json()["type"] == "urn:outreach:NotYours"


async def test_every_route_of_a_responder_takes_the_cookie_of_their_phone_with_its_word_beside_it(cast: Cast) -> None:
    token = await start_session(cast.ben.id, cast.clock.now())
    for route in (route for route in ROUTES if TokenKind.RESPONDER in route.kinds and route.path not in SIGNED_OUT):
        sent = {"headers": {"X-CSRF-Token": csrf_of(token), "Cookie": f"outreach_session={token}"}}
        by_cookie = await cast.ask(None, route.method, _at(route.path), **sent)
        by_token = await cast.ask("Ben", route.method, _at(route.path))
        assert by_cookie.status_code == by_token.status_code not in (401, 403), route.path
        for word in ({}, {"X-CSRF-Token": csrf_of("ses_of_another")}):
            alone = await cast.ask(
                None, route.method, _at(route.path), headers=sent["headers"] | {"X-CSRF-Token": ""} | word
            )
            if route.method != "GET":
                assert alone.status_code == 403 and alone.json()["type"] == "urn:outreach:NotFromTheApp", route.path


async def test_the_cookie_of_a_phone_opens_nothing_of_other_kinds(cast: Cast) -> None:
    token = await start_session(cast.ben.id, cast.clock.now())
    sent = {"headers": {"X-CSRF-Token": csrf_of(token), "Cookie": f"outreach_session={token}"}}
    for route in (route for route in ROUTES if route.kinds and TokenKind.RESPONDER not in route.kinds):
        answer = await cast.ask(None, route.method, _at(route.path), **sent)
        assert answer.status_code == 403 and answer.json()["type"] == "urn:outreach:NotYours", route.path


SIGNED_OUT = {"/api/session", "/api/sessions"}
STRANGER = {
    TokenKind.SOURCE: "other bank",
    TokenKind.RESPONDER: "far Ben",
    TokenKind.COORDINATOR: "Dov",
    TokenKind.HOTLINE: "Dov at the hotline",
    TokenKind.CHIEF: "Dov as chief",
    TokenKind.ADMIN: "Dov as admin",
}
"""Of each kind, one who has nothing to do with Ada."""
CITYS = ("/api/policies", "/api/registry/imports")
"""What everybody reads wherever they are: ladders and the columns of files hold nobody's case."""


@dataclass
class Scene:
    """Ada's case with an offer still open to Ben, and Bea's whose visit he holds; nothing of it is a stranger's."""

    of_path: dict[str, str]
    task_id: str
    hers: set[str]
    """Every id and number that no stranger may read."""


async def a_scene(cast: Cast) -> Scene:
    """Both cases in Cleo's district, from the bank; and a responder of the other district."""
    given = {field: getattr(cast.ben, field) for field in FAR_BEN}
    far = await Responder.create(**given, number_hash=keyed_hash("+14155550103"), area=cast.elsewhere)
    cast.tokens["far Ben"] = await issue_token(TokenKind.RESPONDER, far.id, cast.clock.now())
    case, held = await an_outreach(cast), (await cast.warn(external_id="w-2", resident={"phone": BEAS_PHONE})).json()
    await Outreach.filter(id=held["outreach_id"]).update(area_id=cast.area.id)
    taken = await cast.ask("Ben", "POST", f"/api/offers/{(await cast.offered(held['outreach_id'])).id}/accept")
    offer, warning = await cast.offered(case), await Warning.get(external_id="w-1")
    of_path = {"/api/outreaches/": case, "/api/offers/": str(offer.id), "/api/warnings/": str(warning.id)}
    ada = (await Outreach.get(id=case)).resident_id
    await Resident.filter(id=ada).update(area_id=cast.area.id)
    of_path |= {"/api/residents/": str(ada)}
    await tell_board("still_paused", uuid.UUID(case), cast.clock.now(), minutes=30)
    of_path |= {"/api/board/words/": str((await Notice.get(kind="still_paused")).id)}
    of_path |= {"/api/responders/": str(cast.ben.id), "/api/tasks/": taken.json()["id"]}
    of_path |= await a_place(cast)
    of_path |= {"/api/coordinators/": str((await AccessToken.get(hash=keyed_hash(cast.tokens["Cleo"]))).holder_id)}
    mine = [keyed_hash(cast.tokens[whose]) for whose in HOLDER.values()]
    keys = await AccessToken.filter(hash__in=mine)
    of_path |= {"/api/sessions/": next(str(key.id) for key in keys if key.kind is TokenKind.HOTLINE)}
    ids = {*of_path.values(), held["id"], held["outreach_id"], held["target_id"], taken.json()["id"], str(cast.ben.id)}
    ids |= {str(each) for key in keys for each in (key.id, key.holder_id)}
    return Scene(of_path, taken.json()["id"], {*ids, ADAS_PHONE, BEAS_PHONE})


async def a_place(cast: Cast) -> dict[str, str]:
    """Ben's shift, and a source of Cleo's district."""
    now = cast.clock.now()
    shift = await Shift.create(responder=cast.ben, starts_at=now, ends_at=now + timedelta(hours=8))
    source = await Source.create(unit_id=cast.source.unit_id, code="lake", name="Lake branch", area=cast.area)
    return {"/api/shifts/": str(shift.id), "/api/sources/": str(source.id), "/api/areas/": str(cast.area.id)}


EVERYBODYS = ("/api/units", "/api/categories")
"""What belongs to no area, and is read by whoever decides in any."""


async def test_whoever_has_the_right_kind_but_not_the_case_finds_no_such_thing(cast: Cast) -> None:
    scene = await a_scene(cast)
    before = await Outreach.all().order_by("id").values("version", "taken_by_id")
    body = {"reason": "asked", "outcome": "convinced", "responder_id": str(cast.ben.id), "to": None, "moves": []}
    for route in (route for route in ROUTES if "{id}" in route.path and route.kinds):
        if route.path.startswith((*CITYS, *EVERYBODYS)):
            continue
        # A new thing with an id has to be named in the scene before this passes.
        path = route.path.replace("{id}", scene.of_path[route.path.split("{id}")[0]])
        for kind in route.kinds:
            given = {"json": body} if route.method == "POST" else {}
            answer = await cast.ask(STRANGER[kind], route.method, path, headers={"If-Match": "*"}, **given)
            assert answer.status_code == 404, (route.method, route.path, kind)
            assert not {each for each in scene.hers if each in answer.text}, (route.path, kind)
    assert await Outreach.all().order_by("id").values("version", "taken_by_id") == before
    assert await Offer.filter(status="offered").count() == 1 == await Task.all().count()


async def test_a_check_in_on_a_task_that_somebody_else_holds_finds_no_such_task(cast: Cast) -> None:
    scene, now = await a_scene(cast), cast.clock.now().isoformat()
    body = {"id": str(uuid.uuid4()), "task_id": scene.task_id, "kind": "arrived", "made_at": now}
    answers = [
        await cast.ask(whose, "POST", "/api/checkins", json=body, headers={"Phone-Now": now})
        for whose in ("far Ben", "Ben")
    ]
    assert [answer.status_code for answer in answers] == [404, 201]
    assert (await CheckIn.get()).responder_id == cast.ben.id  # type: ignore[attr-defined]


async def test_no_list_holds_anything_of_anothers_scope(cast: Cast) -> None:
    scene = await a_scene(cast)
    ended = {"ended_at": cast.clock.now(), "end_state": "closed", "end_reason": "asked"}
    await Target.exclude(outreach_id=scene.of_path["/api/outreaches/"]).update(**ended)
    await Outreach.exclude(id=scene.of_path["/api/outreaches/"]).update(**ended, status="ended", due_at=None)
    cast.clock.advance(timedelta(seconds=1))
    asked = {"/api/board/cases": "?ids=" + ",".join([str(case.id) for case in await Outreach.all()])}
    for route in (route for route in ROUTES if route.method == "GET" and "{id}" not in route.path and route.kinds):
        if route.path in EVERYBODYS:
            continue
        path = route.path + asked.get(route.path, "")
        for kind in route.kinds:
            own, far = [await cast.ask(whose[kind], "GET", path) for whose in (HOLDER, STRANGER)]
            assert (own.status_code, far.status_code) == (200, 200), (route.path, kind)
            if route.path in CITYS:
                assert not {each for each in scene.hers if each in own.text + far.text}
                continue
            if "reports" in route.path:
                assert [_warned_in(route.path, each) for each in (own, far)] == [2, 0], (route.path, kind)
                continue
            assert {each for each in scene.hers if each in own.text}, (route.path, kind)
            assert not {each for each in scene.hers if each in far.text}, (route.path, kind)


def _warned_in(path: str, report: httpx2.Response) -> int:
    """How many people the report says were warned of."""
    if path.endswith("/table"):
        return int(report.text.splitlines()[1].split(",")[1])
    said = report.json()
    known = {"cases": lambda: said["count"], "period": lambda: said["all"]["warned"]}
    return int(known.get(path.rsplit("/", 1)[-1], lambda: said["total"]["counts"]["warned"])())


async def test_many_requests_at_once_each_find_the_database(cast: Cast, settings: Settings) -> None:
    app = make_web(Parts(settings, cast.clock, lambda: None, get_current_context()))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        mine = {"Authorization": f"Bearer {cast.tokens['Ben']}"}
        answers = await asyncio.gather(*(client.get("/api/me", headers=mine) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    "body", [b'{"lat": NaN, "lon": 0}', b'{"lat": 1, "lon": 0, "\\ud800": 1}', b"\xff", b"[" * 9000]
)
async def test_what_only_looks_like_json_is_refused(cast: Cast, body: bytes) -> None:
    answer = await cast.ask("Ben", "POST", "/api/me/position", content=body)
    assert answer.status_code == 400 and answer.json()["type"] == "urn:outreach:NotJSON"


async def test_times_and_texts_that_no_database_takes_are_refused(cast: Cast) -> None:
    assert (await cast.ask("Cleo", "GET", "/api/outreaches?family=%00")).status_code == 422
    far = await cast.ask("Cleo", "GET", "/api/reports/time-to-reach?from=0001-01-01T00:00:00%2B08:00")
    assert far.status_code == 422 and far.json()["errors"][0]["field"] == "from"


async def test_every_route_without_a_kind_is_signed_or_meant_to_be_open(cast: Cast) -> None:
    for route in (route for route in ROUTES if not route.kinds):
        assert route.signed or route.path in OPEN, route.path
        if route.signed:
            forged = await cast.client.post(_at(route.path), data={"MessageStatus": "delivered"})
            assert forged.status_code == 403 and forged.json()["type"] == "urn:outreach:Forged", route.path


async def test_every_path_names_the_methods_it_answers(cast: Cast) -> None:
    for path in {route.path for route in ROUTES}:
        answer = await cast.ask("bank", "TRACE", _at(path))
        methods = {route.method for route in ROUTES if route.path == path}
        allowed = set(answer.headers["allow"].split(", "))
        assert answer.status_code == 405 and allowed - {"HEAD"} == methods, path
        assert answer.json()["type"] == "urn:outreach:MethodNotAllowed"


async def test_an_address_that_is_none_is_a_problem_too(cast: Cast) -> None:
    answer = await cast.ask(None, "GET", "/nowhere")
    assert answer.status_code == 404 and answer.json()["type"] == "urn:outreach:NotFound"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_process_says_that_it_lives_and_is_ready(cast: Cast) -> None:
    assert (await cast.ask(None, "GET", "/healthz")).json() == {"status": "alive"}
    assert (await cast.ask(None, "GET", "/readyz")).json()["status"] == "ready"
    assert (await cast.ask(None, "HEAD", "/healthz")).status_code == 200


async def test_a_failure_of_ours_says_nothing_of_what_was_asked(
    now: object, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No database is connected here, so whatever needs it fails.
    app = make_web(Parts(settings, SetClock(now), lambda: None))  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        answer = await client.get("/api/me", headers={"Authorization": "Bearer Ada"})
        assert answer.status_code == 500 and "Ada" not in answer.text
        assert answer.json()["type"] == "urn:outreach:Broken"
        assert (await client.get("/readyz")).status_code == 503
