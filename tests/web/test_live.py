"""Cleo follows what happens in her area as it does, from a real server; whoever is cut off loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette
from tortoise.context import get_current_context

from outreach.access import revoke, who
from outreach.models import Area, Event, Outreach, Responder
from outreach.models.connecting import is_sqlite
from outreach.models.states import AreaKind
from outreach.outcomes import note_event
from outreach.rehearsal.serving import free_port, serving
from outreach.settings import Settings
from outreach.web import Parts, make_web, streaming
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

PATIENCE_S = 20.0
FIELDS = {"seq", "outreach_id", "kind", "at", "actor_kind", "actor_id"}


@dataclass
class Stream:
    """An open stream, read event by event."""

    lines: AsyncIterator[str]

    async def next(self) -> dict[str, str]:
        """The fields of the next event or sign of life; a stream at its end gives none."""
        async with asyncio.timeout(PATIENCE_S):
            found: dict[str, str] = {}
            async for line in self.lines:
                if not line:
                    return found
                name, _, said = line.partition(":")
                found[name or "comment"] = said.strip()
            return found

    async def happened(self) -> dict[str, Any]:
        """The next thing that happened."""
        while (event := await self.next()).get("event") != "happened":
            assert event.get("event") in (None, "hello", "staff"), event
        said: dict[str, Any] = json.loads(event["data"])
        assert event["id"] == str(said["seq"])
        return said

    async def stands(self) -> dict[str, Any]:
        """The next word about who stands where."""
        while (event := await self.next()).get("event") != "staff":
            assert event.get("event") in (None, "hello"), event
        said: dict[str, Any] = json.loads(event["data"])
        assert "id" not in event
        return said


@dataclass
class Board:
    """A server of its own on the cast's database, and streams from it."""

    url: str
    app: Starlette
    cast: Cast

    @asynccontextmanager
    async def watched(self, whose: str = "Cleo", last: object = None) -> AsyncIterator[Stream]:
        """Somebody watches until the block is left, from the line `last` on."""
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {self.cast.tokens[whose]}"}
        headers |= {"Last-Event-ID": str(last)} if last is not None else {}
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client,
            client.stream("GET", f"{self.url}/api/live", headers=headers) as answer,
        ):
            assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
            yield Stream(answer.aiter_lines())


@pytest.fixture
async def board(cast: Cast, settings: Settings) -> AsyncIterator[Board]:
    app = make_web(Parts(settings, cast.clock, lambda: None, get_current_context()))
    at, url = free_port()
    async with serving(app, at):
        yield Board(url, app, cast)


async def happens(cast: Cast, case: str, *kinds: str) -> None:
    for kind in kinds:
        await note_event(Outreach(id=case).id, kind, cast.clock.now(), cast.clock.now())


async def test_cleo_sees_what_another_process_does_and_no_personal_data(board: Board, cast: Cast) -> None:
    case = await an_outreach(cast)
    async with board.watched() as stream:
        assert (await stream.next())["event"] == "hello"
        await cast.ask("Cleo as admin", "POST", f"/api/outreaches/{case}/take", headers={"If-Match": "*"})
        said = await stream.happened()
    assert said["outreach_id"] == case and said["actor_kind"] == "coordinator" and set(said) == FIELDS
    assert ADAS_PHONE not in str(said) and "Ada" not in str(said)


async def test_whoever_is_cut_off_goes_on_where_they_were_and_loses_nothing(board: Board, cast: Cast) -> None:
    case = await an_outreach(cast)
    async with board.watched() as stream:
        await stream.next()
        await happens(cast, case, "first")
        last = (await stream.happened())["seq"]
    await happens(cast, case, "second", "third")
    async with board.watched(last=last) as stream:
        await happens(cast, case, "fourth")
        seen = [(await stream.happened())["kind"] for _ in range(3)]
        await happens(cast, case, "fifth")
        seen.append((await stream.happened())["kind"])
    assert seen == ["second", "third", "fourth", "fifth"]


async def test_what_was_begun_early_and_kept_late_is_not_lost(board: Board, cast: Cast, database: str) -> None:
    if is_sqlite(database):
        pytest.skip("SQLite has one writer: none is late.")
    case = await an_outreach(cast)
    slow = await asyncpg.connect(database)
    try:
        begun = slow.transaction()
        await begun.start()
        await slow.execute(
            "INSERT INTO event (outreach_id, kind, at, recorded_at, actor_kind, data) "
            "VALUES ($1, 'slow', now(), now(), 'system', '{}')",
            case,
        )
        async with board.watched() as stream:
            await stream.next()
            await happens(cast, case, "quick")
            # Asked now, while the slow one is under way.
            live = board.app.state.live
            live.leave(await live.join(await who(cast.tokens["Cleo"], cast.clock.now())))
            await begun.commit()
            seen = [(await stream.happened())["kind"] for _ in range(2)]
    finally:
        await slow.close()
    assert seen == ["slow", "quick"]


async def test_nobody_sees_what_happens_in_another_area(board: Board, cast: Cast) -> None:
    case = await an_outreach(cast)
    far = (await cast.warn(external_id="w-2", resident={"phone": "+14155550105"})).json()["outreach_id"]
    await Outreach.filter(id=far).update(area_id=cast.elsewhere.id)
    start = (await Event.all().order_by("-seq").first()).seq  # type: ignore[union-attr]
    await happens(cast, case, "hers")
    await happens(cast, far, "his")
    async with board.watched("Dov", last=start) as his, board.watched("Cleo", last=start) as hers:
        seen = [await stream.happened() for stream in (his, hers)]
        assert [said["kind"] for said in seen] == ["his", "hers"]
        await happens(cast, case, "hers too")
        await happens(cast, far, "his too")
        assert [(await stream.happened())["kind"] for stream in (his, hers)] == ["his too", "hers too"]


async def test_a_sign_of_life_carries_the_place_past_what_another_area_did(board: Board, cast: Cast) -> None:
    board.app.state.beat_s = 0.05
    case = await an_outreach(cast)
    async with board.watched("Dov") as stream:
        assert (await stream.stands())["whole"]
        await happens(cast, case, "hers")
        last = (await Event.all().order_by("-seq").first()).seq  # type: ignore[union-attr]
        while (beat := await stream.next()).get("id") != str(last):
            assert beat["comment"] == "still here" and "event" not in beat


async def test_a_session_that_is_ended_hears_no_more(board: Board, cast: Cast) -> None:
    board.app.state.beat_s = 0.05
    async with board.watched() as stream:
        assert (await stream.next())["event"] == "hello"
        await revoke(cast.tokens["Cleo"], cast.clock.now())
        while await stream.next():
            pass
        assert not board.app.state.live.readers


async def test_who_reads_too_slowly_is_told_to_read_anew_and_let_go(board: Board, cast: Cast) -> None:
    case, live = await an_outreach(cast), board.app.state.live
    live.most = 3
    reader = await live.join(await who(cast.tokens["Cleo"], cast.clock.now()))
    await happens(cast, case, *(f"kind_{n}" for n in range(50)))
    async with asyncio.timeout(PATIENCE_S):
        while reader in live.readers:
            await asyncio.sleep(0.01)
    assert reader.waiting.qsize() <= 3
    assert reader.waiting.get_nowait().split(b"\n")[1] == b"event: reset"
    assert reader.waiting.get_nowait() == streaming.END


async def test_who_was_away_for_too_long_is_told_to_read_anew(
    board: Board, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await an_outreach(cast)
    start = (await Event.all().order_by("-seq").first()).seq  # type: ignore[union-attr]
    await happens(cast, case, "one", "two", "three")
    monkeypatch.setattr(streaming, "MOST_MISSED", 1)
    async with board.watched(last=start) as stream:
        assert (await stream.next())["event"] == "reset"
        await happens(cast, case, "four")
        assert (await stream.happened())["kind"] == "four"


async def test_who_cannot_stream_asks_for_the_same_again_and_again(board: Board, cast: Cast) -> None:
    case = await an_outreach(cast)
    first = (await cast.ask("Cleo", "GET", "/api/live")).json()
    await happens(cast, case, "later")
    then = (await cast.ask("Cleo", "GET", f"/api/live?after={first['after']}")).json()
    assert [event["kind"] for event in then["events"]] == ["later"] and not then["reset"]
    assert (await cast.ask("Cleo", "GET", f"/api/live?after={then['after']}")).json()["events"] == []
    assert (await cast.ask("Cleo", "GET", "/api/live", headers={"Last-Event-ID": "soon"})).status_code == 422


async def test_cleo_sees_who_comes_on_duty_where_they_are_what_they_hold_and_who_goes_and_dov_none_of_it(
    board: Board, cast: Cast
) -> None:
    board.app.state.live.stand_every_s = 0.05
    grid = await Area.create(kind=AreaKind.GRID, code="g9", name="Willow Lane", path=f"{cast.area.path}g9/")
    await Responder.filter(id=cast.ben.id).update(area_id=grid.id)
    until = {"until": (cast.clock.now() + timedelta(hours=4)).isoformat()}
    async with board.watched() as hers, board.watched("Dov") as his:
        first = [await stream.stands() for stream in (hers, his)]
        assert [said["whole"] for said in first] == [True, True] and first[0]["staff"] == first[1]["staff"] == []
        assert [gap["path"] for gap in first[0]["gaps"]] == [grid.path]
        assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json=until)).status_code == 200
        on_duty = await hers.stands()
        (ben,) = on_duty["staff"]
        assert (ben["name"], ben["holds"], ben["point"]) == ("Ben", 0, None) and not on_duty["whole"]
        assert datetime.fromisoformat(on_duty["gaps"][0]["from"]) == datetime.fromisoformat(ben["until"])
        await Responder.filter(id=cast.ben.id).update(lat=30.25, lon=120.15, position_at=cast.clock.now())
        moved = await hers.stands()
        assert moved["staff"][0]["point"] == [30.25, 120.15] and moved["gaps"] is None
        assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json={"off": True})).status_code == 200
        gone = await hers.stands()
        assert gone["gone"] == [str(cast.ben.id)] and gone["staff"] == []
        # Dov, elsewhere, heard of none of it: what comes next to him is of his own area.
        await Responder.filter(id=cast.ben.id).update(area_id=cast.elsewhere.id)
        assert (await cast.ask("Ben", "PATCH", "/api/me/duty", json=until)).status_code == 200
        assert [one["name"] for one in (await his.stands())["staff"]] == ["Ben"]


async def test_a_server_that_stops_ends_its_streams(cast: Cast, settings: Settings) -> None:
    app = make_web(Parts(settings, cast.clock, lambda: None, get_current_context()))
    at, url = free_port()
    async with asyncio.timeout(PATIENCE_S):
        async with serving(app, at):
            watched = Board(url, app, cast).watched()
            stream = await watched.__aenter__()
            assert (await stream.stands())["whole"]
        assert await stream.next() == {}
        await watched.__aexit__(None, None, None)
