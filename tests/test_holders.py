"""Who is made by command can do at once what they are there for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from outreach.app import running
from outreach.clock import WallClock
from outreach.settings import read_settings
from tests.test_bad_files import Terminal

AREAS = "code,kind,name,parent\nhz,city,Hangzhou,\nxh,district,West Lake,hz\nyh,district,Yuhang,hz\n"
BEN = "external_id,name,phone,role,area,lat,lon\nP001,Ben,13900000001,volunteer,xh,30.25,120.15\n"
Asking = Callable[[httpx2.AsyncClient], Awaitable[None]]


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    """A terminal with a city of two districts, and Ben."""
    found = Terminal(database_url, tmp_path)
    assert found.run("import", "areas", found.file("areas.csv", AREAS), "--apply").exit_code == 0
    assert found.run("import", "responders", found.file("ben.csv", BEN), "--apply").exit_code == 0
    return found


def token(terminal: Terminal, *words: str) -> dict[str, str]:
    """The header with the token that this command prints."""
    told = terminal.run(*words)
    assert told.exit_code == 0, told.output
    return {"Authorization": f"Bearer {told.stdout.strip()}"}


def ask(terminal: Terminal, asking: Asking) -> None:
    """Ask the product itself, on this terminal's database."""

    async def served() -> None:
        settings = read_settings(
            DATABASE_URL=terminal.url, keys_file=terminal.folder / "keys.json", country="CN", run_clockwork=False
        )
        async with running(settings, WallClock()) as application:
            reach = httpx2.ASGITransport(app=application)
            async with httpx2.AsyncClient(transport=reach, base_url="http://house.test") as client:
                await asking(client)

    asyncio.run(served())


def phoned(external_id: str, phone: str = "13800138000") -> dict[str, Any]:
    """What a neighbour rang about."""
    return {
        "external_id": external_id,
        "category": "missing_contact",
        "severity": "high",
        "summary": "Not seen for two days.",
        "detected_at": datetime.now(UTC).isoformat(),
        "resident": {"phone": phone},
    }


def test_what_a_coordinator_takes_down_by_phone_is_accepted(terminal: Terminal) -> None:
    cleo, bea = token(terminal, "coordinator", "add", "Cleo"), token(terminal, "coordinator", "add", "Bea")

    async def asking(client: httpx2.AsyncClient) -> None:
        assert (await client.post("/api/warnings", json=phoned("p-1"), headers=cleo)).status_code == 202
        assert (await client.post("/api/warnings", json=phoned("p-2"), headers=bea)).status_code == 202

    ask(terminal, asking)
    assert sum("phoned-in" in row for row in terminal.rows()["source"]) == 1


def test_a_coordinator_of_a_district_takes_warnings_down_and_sees_none_of_another(terminal: Terminal) -> None:
    west = token(terminal, "coordinator", "add", "Cleo", "--area", "xh")
    north = token(terminal, "coordinator", "add", "Dov", "--area", "yh")

    async def asking(client: httpx2.AsyncClient) -> None:
        taken = await client.post("/api/warnings", json=phoned("p-1"), headers=west)
        assert taken.status_code == 202
        path = f"/api/warnings/{taken.json()['id']}"
        assert (await client.get(path, headers=west)).status_code == 200
        assert (await client.get(path, headers=north)).status_code == 404

    ask(terminal, asking)


def test_a_coordinator_may_take_down_in_the_name_of_a_source_with_an_area(terminal: Terminal) -> None:
    bank = token(terminal, "source", "add", "bank", "Bank", "--area", "xh")
    cleo = token(terminal, "coordinator", "add", "Cleo", "--source", "bank")

    async def asking(client: httpx2.AsyncClient) -> None:
        taken = await client.post("/api/warnings", json=phoned("p-1"), headers=cleo)
        assert (await client.get(f"/api/warnings/{taken.json()['id']}", headers=bank)).status_code == 200

    ask(terminal, asking)


def test_an_area_or_a_source_that_is_not_there_is_named_and_nobody_is_made(terminal: Terminal) -> None:
    before = terminal.rows()
    told = terminal.run("coordinator", "add", "Cleo", "--area", "moon")
    assert told.exit_code == 1 and "There is no area moon" in told.stderr
    told = terminal.run("coordinator", "add", "Cleo", "--source", "moon")
    assert told.exit_code == 1 and "There is no source moon" in told.stderr
    told = terminal.run("source", "add", "bank", "Bank", "--area", "moon")
    assert told.exit_code == 1 and "There is no area moon" in told.stderr
    assert terminal.rows() == before


def test_ben_gets_a_token_by_the_id_he_was_imported_with_and_goes_on_duty(terminal: Terminal) -> None:
    ben = token(terminal, "token", "responder", "P001")

    async def asking(client: httpx2.AsyncClient) -> None:
        shift = {"until": (datetime.now(UTC) + timedelta(hours=8)).isoformat()}
        assert (await client.get("/api/me", headers=ben)).json()["name"] == "Ben"
        assert (await client.patch("/api/me/duty", json=shift, headers=ben)).status_code == 200

    ask(terminal, asking)


def test_a_token_is_asked_for_by_a_code_or_a_name_and_two_of_one_name_are_told_apart(terminal: Terminal) -> None:
    token(terminal, "source", "add", "bank", "Bank")
    token(terminal, "coordinator", "add", "Cleo")
    assert token(terminal, "token", "source", "bank") and token(terminal, "token", "coordinator", "Cleo")
    told = terminal.run("token", "responder", "P999")
    assert told.exit_code == 1 and "No responder is called P999" in told.stderr
    token(terminal, "coordinator", "add", "Cleo")
    told = terminal.run("token", "coordinator", "Cleo")
    assert told.exit_code == 1 and told.stderr.startswith("Error: Several are called that")
    one = told.stderr.split("by id: ")[1].split(",")[0]
    assert token(terminal, "token", "coordinator", one)


def test_an_invitation_is_printed_as_a_link_with_its_qr_code_beside_it(terminal: Terminal) -> None:
    told = terminal.run("invite", "responder", "P001")
    assert told.exit_code == 0, told.output
    link = told.stdout.strip()
    assert "/app#/join/" in link and "\n" not in link
    assert "█" in told.stderr and "may be used until" in told.stderr
    refused = terminal.run("invite", "responder", "P999")
    assert refused.exit_code == 1 and "No responder is called P999" in refused.output
