"""The log can be followed and tells on nobody: an outreach id on each line, of a failure only class and place."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route as StarletteRoute
from tortoise.connection import get_connection
from tortoise.context import get_current_context
from tortoise.exceptions import IntegrityError

from outreach.cli.logs import logged_as_json
from outreach.clock import SetClock
from outreach.clockwork import Clockwork
from outreach.errors import AlreadyTaken
from outreach.messaging.unset import UnsetMessenger
from outreach.models import Attempt, Notice, Outreach, Phone, Responder, Unit
from outreach.models.states import Audience, Channel, NoticeChannel, SendStatus
from outreach.rehearsal.serving import free_port, serving
from outreach.settings import Settings
from outreach.web import Parts
from outreach.web.asking import Ask
from outreach.web.edge import Edge, PathEndpoint
from outreach.web.table import Route
from tests.harness import adas_case
from tests.web.conftest import Cast, an_outreach, cast, settings

__all__ = ["cast", "settings"]

NAME, NUMBER = "Ada Lovelace", "+14155550101"
PRIVATE = (NAME, NUMBER, "4155550101", "Lovelace")


class Log(io.StringIO):
    """What was logged; `grown` is set by each line."""

    def __init__(self) -> None:
        super().__init__()
        self.grown = asyncio.Event()

    def write(self, text: str) -> int:
        self.grown.set()
        return super().write(text)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines so far."""
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def those(self, event: str) -> list[dict[str, Any]]:
        """The lines of this event."""
        return [line for line in self.lines if line["event"] == event]

    async def first(self, event: str) -> dict[str, Any]:
        """The first line of this event, once it is there."""
        async with asyncio.timeout(20):
            while not self.those(event):
                self.grown.clear()
                await self.grown.wait()
        return self.those(event)[0]

    def tells_on_nobody(self) -> None:
        """Nothing of Ada's is in it, on any line."""
        assert self.lines
        assert [text for text in PRIVATE if text in self.getvalue()] == []


@pytest.fixture
def log() -> Iterator[Log]:
    """The log of this test."""
    found = Log()
    with logged_as_json("debug", found):
        yield found


async def break_table(name: str, when: str = "INSERT") -> None:
    """From now on this table fails with Ada's name and number in the database's own words."""
    database = get_connection("default")
    words = f"Key (name, phone)=({NAME}, {NUMBER}) already exists"
    if database.capabilities.dialect == "sqlite":
        await database.execute_script(
            f"CREATE TRIGGER broken BEFORE {when} ON \"{name}\" BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )
        return
    await database.execute_script(
        "CREATE FUNCTION broken() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{words}' USING ERRCODE = 'unique_violation', DETAIL = '{words}'; END $$ LANGUAGE plpgsql; "
        f'CREATE TRIGGER broken BEFORE {when} ON "{name}" FOR EACH ROW EXECUTE FUNCTION broken()'
    )


# Requests that fail


async def _failing(cast: Cast, what: str, outreach_id: str) -> httpx2.Response:
    """One request about Ada's case, on a database whose timeline is broken."""
    now = cast.clock.now()
    offer = await cast.offered(outreach_id)
    sending = {"status": SendStatus.SENDING, "queued_at": now, "send_after": now, "sending_at": now}
    attempt = await Attempt.create(
        outreach_id=outreach_id, channel=Channel.SMS, phone=await Phone.all().first(), step=0, text_key="x", **sending
    )
    notice = await Notice.create(
        audience=Audience.RESPONDER, channel=NoticeChannel.SMS, kind="offer", responder=cast.ben,
        outreach_id=outreach_id, offer=offer, **sending,
    )  # fmt: skip
    held = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json() if what == "check-in" else {}
    await break_table("event")
    failed = {"MessageStatus": "failed"}
    match what:
        case "pause":
            given: dict[str, Any] = {"json": {"reason": "asked"}, "headers": {"If-Match": "*"}}
            return await cast.ask("Cleo", "POST", f"/api/outreaches/{outreach_id}/pause?by={NAME}", **given)
        case "decline":
            return await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/decline?by={NUMBER}", json={"reason": NAME})
        case "check-in":
            body = {"id": str(offer.id), "task_id": held["id"], "kind": "arrived", "made_at": now.isoformat()}
            given = {"json": {**body, "note": NAME}, "headers": {"Phone-Now": now.isoformat()}}
            return await cast.ask("Ben", "POST", "/api/checkins", **given)
        case "attempt":
            return await cast.called_back(f"/twilio/attempts/{attempt.id}/status", failed)
        case _:
            return await cast.called_back(f"/twilio/notices/{notice.id}/status", failed)


ROUTES_TO_FAIL = {
    "pause": "/api/outreaches/{id}/pause",
    "decline": "/api/offers/{id}/decline",
    "check-in": "/api/checkins",
    "attempt": "/twilio/attempts/{id}/status",
    "notice": "/twilio/notices/{id}/status",
}


@pytest.mark.parametrize("what", ROUTES_TO_FAIL)
async def test_a_request_that_fails_is_found_in_the_log_by_its_outreach_and_tells_on_nobody(
    cast: Cast, log: Log, what: str
) -> None:
    outreach_id = await an_outreach(cast)
    answer = await _failing(cast, what, outreach_id)
    assert answer.status_code == 500, answer.text
    (line,) = log.those("request_failed")
    assert line["outreach_id"] == outreach_id and line["level"] == "error"
    assert (line["method"], line["route"]) == ("POST", ROUTES_TO_FAIL[what])
    assert line["request_id"] == answer.json()["request_id"] == answer.headers["x-request-id"]
    assert line["failures"][0]["class"] == "tortoise.exceptions.IntegrityError"
    assert any(place.startswith("outreach.") for place in line["failures"][0]["at"])
    log.tells_on_nobody()
    assert "Ada" not in answer.text


async def test_a_warning_that_cannot_be_kept_tells_on_nobody(cast: Cast, log: Log) -> None:
    await break_table("target")
    answer = await cast.warn(resident={"phone": NUMBER, "name": NAME})
    assert answer.status_code == 500
    assert log.those("request_failed")[0]["route"] == "/api/warnings"
    log.tells_on_nobody()


async def test_each_answer_carries_an_id_of_its_own(cast: Cast) -> None:
    asked = [cast.ask("Ben", "GET", "/api/me"), cast.ask(None, "GET", "/api/me"), cast.ask(None, "GET", "/nowhere")]
    ids = [answer.headers["x-request-id"] for answer in await asyncio.gather(*asked, cast.warn())]
    assert len(set(ids)) == 4 and all(len(each) == 16 for each in ids)


async def test_an_id_that_a_client_made_up_is_not_taken_over(cast: Cast, log: Log) -> None:
    answer = await cast.ask(None, "GET", "/api/me", headers={"X-Request-Id": NAME})
    assert answer.headers["x-request-id"] == log.those("request_refused")[0]["request_id"] != NAME


# Requests that are refused


async def test_a_refusal_is_logged_by_its_name_with_the_outreach_it_was_about(cast: Cast, log: Log) -> None:
    outreach_id = await an_outreach(cast)
    offer = await cast.offered(outreach_id)
    await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/decline", json={"reason": "too_far"})
    answer = await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept?name={NAME}")
    assert answer.status_code == 409
    (line,) = log.those("request_refused")
    assert line["refusal"] == "OfferOver" and line["status"] == 409
    assert (line["outreach_id"], line["offer_id"]) == (outreach_id, str(offer.id))
    assert (line["method"], line["route"]) == ("POST", "/api/offers/{id}/accept")
    assert line["request_id"] == answer.headers["x-request-id"]
    log.tells_on_nobody()


async def test_what_stands_in_a_path_or_a_method_is_not_logged(cast: Cast, log: Log) -> None:
    for method, path in (("GET", f"/{NAME}"), ("GET", f"/api/outreaches/{NAME}"), (NAME.split()[1].upper(), "/api/me")):
        await cast.ask("Cleo", method, path, params={"q": NUMBER})
    await cast.ask("Cleo", "GET", f"/api/outreaches?{NAME}=1")
    said = [(line["refusal"], line["method"], line["route"]) for line in log.those("request_refused")]
    assert said == [
        ("NotFound", "GET", None),
        ("NotFound", "GET", "/api/outreaches/{id}"),
        ("MethodNotAllowed", None, "/api/me"),
        ("BadInput", "GET", "/api/outreaches"),
    ]
    assert "LOVELACE" not in log.getvalue()
    log.tells_on_nobody()


async def test_whoever_was_not_let_in_costs_no_look_at_the_rows(cast: Cast, log: Log) -> None:
    offer = await cast.offered(await an_outreach(cast))
    await cast.ask(None, "POST", f"/api/offers/{offer.id}/accept")
    line = log.those("request_refused")[0]
    assert line["refusal"] == "NoTokenGiven" and line["offer_id"] == str(offer.id) and "outreach_id" not in line


async def test_every_line_within_a_request_carries_its_outreach_and_the_next_request_does_not(
    cast: Cast, log: Log
) -> None:
    outreach_id = await an_outreach(cast)
    body = {"json": {"reason": "asked"}, "headers": {"If-Match": "*"}}
    for name in ("pause", "pause"):
        await cast.ask("Cleo", "POST", f"/api/outreaches/{outreach_id}/{name}", **body)
    within = [line for line in log.lines if line["event"] in ("paused", "request_refused")]
    assert [line["outreach_id"] for line in within] == [outreach_id] * 2
    assert len({line["request_id"] for line in within}) == 2
    await cast.ask(None, "GET", "/api/me")
    assert "outreach_id" not in log.lines[-1]
    assert {value for value in structlog.contextvars.get_contextvars().values() if value is not Ellipsis} == set()


async def test_two_requests_at_once_do_not_mix_their_ids(cast: Cast, log: Log) -> None:
    first = await an_outreach(cast)
    other = {"external_id": "w-2", "resident": {"phone": "+14155550199", "location": {"lat": 30.25, "lon": 120.15}}}
    second = (await cast.warn(**other)).json()["outreach_id"]
    await Outreach.filter(id=second).update(area_id=cast.area.id)
    body = {"json": {"reason": "asked"}, "headers": {"If-Match": '"99"'}}
    answers = await asyncio.gather(
        *(cast.ask("Cleo", "POST", f"/api/outreaches/{each}/pause", **body) for each in (first, second) * 5)
    )
    told = {line["request_id"]: line["outreach_id"] for line in log.those("request_refused")}
    assert [told[answer.headers["x-request-id"]] for answer in answers] == [first, second] * 5


# The edge, around a route that fails in a way of its own


async def _raises(ask: Ask) -> Response:
    raise ValueError(f"{NAME} has no {NUMBER}")


async def _raises_from(ask: Ask) -> Response:
    try:
        await _raises(ask)
    except ValueError as first:
        raise ExceptionGroup(NAME, [KeyError(NUMBER), RuntimeError(NAME)]) from first
    raise AssertionError


async def _same_unit_twice(ask: Ask) -> Response:
    for _ in range(2):
        await Unit.create(code=f"{NAME} {NUMBER}", name=NAME, kind="bank")
    raise AssertionError


async def _breaks_off(ask: Ask) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ValueError(f"{NAME} {NUMBER}")

    return StreamingResponse(parts())


async def _refuses_with_words(ask: Ask) -> Response:
    raise AlreadyTaken


WAYS = {
    "raises": (_raises, ["ValueError"]),
    "raises-from": (_raises_from, ["ExceptionGroup", "KeyError", "RuntimeError", "ValueError"]),
    "same-unit-twice": (_same_unit_twice, ["tortoise.exceptions.IntegrityError"]),
    "breaks-off": (_breaks_off, ["ValueError"]),
    "refuses": (_refuses_with_words, []),
}


def an_app(settings: Settings, clock: SetClock) -> Starlette:
    """The real edge around routes that fail."""
    parts = Parts(settings, clock, lambda: None, get_current_context())
    routes = [
        StarletteRoute(f"/{way}/{{id}}", PathEndpoint(parts, [Route("GET", f"/{way}/{{id}}", handler, (), way)]))
        for way, (handler, _) in WAYS.items()
    ]
    return Starlette(routes=routes, middleware=[Middleware(Edge, parts=parts)])


@pytest.mark.parametrize("way", [way for way, (_, classes) in WAYS.items() if classes])
async def test_of_a_failure_only_its_classes_and_places_are_logged_by_us_and_by_the_server(
    cast: Cast, settings: Settings, log: Log, capfd: pytest.CaptureFixture[str], way: str
) -> None:
    socket, url = free_port()
    async with serving(an_app(settings, cast.clock), socket), httpx2.AsyncClient(base_url=url) as client:
        try:
            answer = await client.get(f"/{way}/{NAME}", params={"q": NUMBER})
            assert answer.status_code == 500 and NAME not in answer.text
        except httpx2.RemoteProtocolError:
            assert way == "breaks-off"
    (line,) = log.those("request_failed")
    assert line["route"] == f"/{way}/{{id}}"
    classes = [each["class"] for each in line["failures"]]
    assert classes[: len(WAYS[way][1])] == WAYS[way][1]
    assert any(" _" in place and place.startswith("tests.test_logs:") for place in line["failures"][0]["at"])
    told = [line["said"] for line in log.those("library") if line["logger"] == "uvicorn.error"]
    assert told == (["Exception in ASGI application"] if way == "breaks-off" else [])
    log.tells_on_nobody()
    shown = capfd.readouterr()
    assert [text for text in PRIVATE if text in shown.out + shown.err] == []


async def test_the_databases_own_words_do_hold_the_values(database: str) -> None:
    """What the test above is about: on PostgreSQL a failure's text repeats the row."""
    with pytest.raises(IntegrityError) as failed:
        await _same_unit_twice(None)  # type: ignore[arg-type]
    if database.startswith("postgres"):
        assert NUMBER in str(failed.value.args[0].detail)


# The loops and the libraries


async def test_a_loop_that_fails_is_logged_without_the_databases_words(database: str, now: datetime, log: Log) -> None:
    await adas_case.an_outreach(now)
    await break_table("outreach", "UPDATE")
    clock = SetClock(now + timedelta(hours=2))
    clockwork = Clockwork(Settings(country="GB", language="en"), clock, UnsetMessenger())
    clockwork.start()
    try:
        line = await log.first("tick failed")
    finally:
        await clockwork.stop()
    assert line["failures"][0]["class"] == "tortoise.exceptions.IntegrityError"
    assert any(place.startswith("outreach.ladder") for place in line["failures"][0]["at"])
    log.tells_on_nobody()


async def test_a_librarys_line_tells_from_where_and_not_what(log: Log) -> None:
    speaking = logging.getLogger("some.library")
    speaking.warning("no route to %s", NUMBER)
    speaking.warning(f"{NAME} is gone")
    try:
        raise ValueError(NAME)
    except ValueError:
        speaking.exception(NUMBER)
    asyncio.get_running_loop().call_exception_handler({"message": NAME, "exception": ValueError(NUMBER)})
    assert [line["logger"] for line in log.those("library")] == ["some.library"] * 3 + ["asyncio"]
    assert log.lines[2]["failures"][0]["class"] == "ValueError" and log.lines[0]["at"].startswith("test_logs:")
    log.tells_on_nobody()


async def test_a_value_that_is_no_text_is_told_by_its_kind(database: str, log: Log) -> None:
    ada = Responder(name=NAME, number=NUMBER)
    structlog.get_logger().warning("odd", who=ada, why=ValueError(NAME), key={"of": {NUMBER}})
    assert (log.lines[0]["who"], log.lines[0]["why"], log.lines[0]["key"]) == ("Responder", "ValueError", {"of": "set"})
    log.tells_on_nobody()
