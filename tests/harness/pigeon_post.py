"""The far side of the second provider: keeps letters and rings, signs what it calls back, and pecks keys in a call."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from outreach.rehearsal.provider import Item, People

PACKAGE = Path(__file__).parents[1] / "pigeon"
KEY, NUMBER = "a-key-for-tests", "+15005550001"


def installed(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Install the package in this process as an installer does: its code on the path, its entry points beside it."""
    named = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    told = folder / f"{named['name'].replace('-', '_')}-{named['version']}.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {named['name']}\nVersion: {named['version']}\n")
    groups = named["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{name} = {at}\n" for name, at in points.items()) for group, points in groups]
    (told / "entry_points.txt").write_text("\n".join(lines))
    patch.syspath_prepend(str(folder))
    patch.syspath_prepend(str(PACKAGE))
    patch.setenv("PIGEON_KEY", KEY)
    patch.setenv("PIGEON_NUMBER", NUMBER)
    patch.setenv("PIGEON_URL", "http://127.0.0.1:9")


def signed(url: str, body: bytes, at: datetime) -> dict[str, str]:
    """The header by which it signs."""
    moment = str(int(at.timestamp()))
    mac = hmac.new(KEY.encode(), f"{moment}\n{url}\n".encode() + body, hashlib.sha256)
    return {"pigeon-signature": f"{moment}.{mac.hexdigest()}", "content-type": "application/json"}


class PigeonPost:
    """Pigeon Post. `people` say what somebody does with a letter (their reply) or a ring (keys, None, `parrot`)."""

    def __init__(self, now: Callable[[], datetime], people: People, replies_to: str) -> None:
        self.items: list[Item] = []
        self.answers: list[tuple[str, int]] = []
        self._now, self._people, self._replies_to = now, people, replies_to
        self._refs: Iterator[int] = itertools.count(1)
        self._client = httpx2.AsyncClient(timeout=10)
        self._under_way: set[asyncio.Task[None]] = set()
        shelves = [Route(f"/{shelf}", self._shelf, methods=["GET", "POST"]) for shelf in ("letters", "rings")]
        one = [Route(f"/{shelf}/{{ref}}", self._one) for shelf in ("letters", "rings")]
        self.app = Starlette(routes=[*shelves, *one], lifespan=self._lifespan)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.settle_down()
        await self._client.aclose()

    async def settle_down(self) -> None:
        """Wait until everything under way has run its course."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def _shelf(self, request: Request) -> Response:
        kind = "sms" if request.url.path == "/letters" else "voice"
        if request.method == "GET":
            fit = [item for item in self.items if (item.kind, item.to) == (kind, request.query_params["roof"])]
            return JSONResponse({"sent": [{**_shown(item), "words": item.body} for item in fit]})
        asked = await request.json()
        if not asked["roof"].startswith("+"):
            return JSONResponse({"why": "no_such_roof"}, 422)
        given = asked.get("words", ""), asked.get("ask", ""), asked["tell"], self._now()
        item = Item(f"p-{next(self._refs)}", kind, asked["roof"], NUMBER, *given)  # type: ignore[arg-type]
        self.items.append(item)
        task = asyncio.create_task(self._letter(item) if kind == "sms" else self._ring(item))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return JSONResponse({"ref": item.sid})

    async def _one(self, request: Request) -> Response:
        item = next((item for item in self.items if item.sid == request.path_params["ref"]), None)
        return JSONResponse(_shown(item)) if item else JSONResponse({}, 404)

    async def _letter(self, item: Item) -> None:
        for event in ("took_off", "landed"):
            await self._tell(item, event)
        reply = await self._people(item)
        if reply:
            letter = {"roof": item.to, "words": reply, "ref": f"in-{item.sid}", "wish": None}
            await self._post(self._replies_to, letter)

    async def _ring(self, item: Item) -> None:
        await self._tell(item, "bell_rings")
        keys = await self._people(item)
        if keys in (None, "busy"):
            await self._tell(item, "engaged" if keys else "unheard")
            return
        await self._tell(item, "bell_answered")
        taken_by = "parrot" if keys == "voicemail" else "person"
        await self._talk(item, "" if keys == "voicemail" else keys or "", taken_by)
        await self._tell(item, "talked", taken_by=taken_by)

    async def _talk(self, item: Item, keys: str, taken_by: str) -> None:
        """Go through what is said to somebody who pecks these keys as they are asked for."""
        url, heard = item.url, {"taken_by": taken_by}
        while url:
            steps = (await self._post(url, {"ref": item.sid, "roof": item.to} | heard)).json()
            item.said.extend(step["words"] for step in steps if "words" in step)
            waits = next((step for step in steps if step["do"] == "wait"), None)
            url = waits["ask"] if waits and (keys or waits["tell_silence"]) else ""
            if url and keys:
                item.keys.append(keys[0])
            heard, keys = {"pecked": keys[:1]}, keys[1:]

    async def _tell(self, item: Item, event: str, **more: str) -> None:
        item.status, item.told = event, item.told + 1
        await self._post(item.callback, _shown(item) | {"nth": item.told} | more)

    async def _post(self, url: str, said: dict[str, Any]) -> httpx2.Response:
        body = json.dumps(said).encode()
        answer = await self._client.post(url, content=body, headers=signed(url, body, self._now()))
        self.answers.append((url, answer.status_code))
        return answer


def _shown(item: Item) -> dict[str, Any]:
    return {"ref": item.sid, "event": item.status}
