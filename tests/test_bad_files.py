"""A bad file changes nothing that is not sound: each bad row is named by its line, and nothing is written unasked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outreach.cli import main
from outreach.models.connecting import connect
from outreach.web.edge import database_of
from tests.conftest import KEYS
from tests.web.test_bad_input import every_row

RESIDENTS = """external_id,name,phone,lat,lon
R1,Ada,13800138000,,
R2,Ada,12,,
R1,Ada,13800138001,,
,Ada,13800138002,,
R3,Ada,,,
R4,Ada,,91,120
R5,Ada,,NaN,120
"""
BAD_RESIDENTS = {
    3: "phone: has too few",
    4: "external_id: is given on line 2 already",
    5: "external_id: Field required",
    6: "phone, address: give a phone or a place",
    7: "lat: ",
    8: "lat: ",
}


@dataclass
class Terminal:
    """The commands on a database of their own."""

    url: str
    folder: Path

    def run(self, *words: str | Path) -> Result:
        """One command, as typed."""
        keys = str(self.folder / "keys.json")
        where = {"DATABASE_URL": self.url, "OUTREACH_KEYS_FILE": keys, "OUTREACH_COUNTRY": "CN"}
        return CliRunner(env=where).invoke(main, [str(word) for word in words])

    def file(self, name: str, text: str | bytes) -> Path:
        """A file with this in it."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def rows(self) -> dict[str, list[str]]:
        """All rows of all tables."""

        async def read() -> dict[str, list[str]]:
            context = await connect(self.url, KEYS)
            with database_of(context):
                try:
                    return await every_row()
                finally:
                    await context.close_connections()

        return asyncio.run(read())


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    """A terminal with the bank among the sources."""
    found = Terminal(database_url, tmp_path)
    assert found.run("source", "add", "bank", "Bank").exit_code == 0
    return found


def test_each_bad_row_of_an_import_is_named_by_its_line_and_nothing_is_written_unasked(terminal: Terminal) -> None:
    file, before = terminal.file("residents.csv", RESIDENTS), terminal.rows()
    dry = terminal.run("import", "residents", file)
    told = dict(line.removeprefix("line ").split(": refused: ", 1) for line in dry.stderr.splitlines())
    assert {int(line) for line in told} == set(BAD_RESIDENTS)
    assert [line for line, why in BAD_RESIDENTS.items() if not told[str(line)].startswith(why)] == []
    assert "1 would be created" in dry.stdout and "Nothing was written" in dry.stdout
    assert "Ada" not in dry.output and "13800138" not in dry.output
    assert terminal.rows() == before
    applied = terminal.run("import", "residents", file, "--apply")
    assert applied.stderr == dry.stderr and "1 created" in applied.stdout
    after = terminal.rows()
    grown = {name: len(after[name]) - len(before[name]) for name in after if after[name] != before[name]}
    assert grown == {"resident": 1, "phone": 1}


def test_a_responder_or_area_that_cannot_be_is_named_by_its_line(terminal: Terminal) -> None:
    areas = terminal.file("areas.csv", "code,kind,name,parent\nc,city,City,\ng,planet,Grid,c\nh,grid,Grid,nowhere\n")
    told = terminal.run("import", "areas", areas, "--apply")
    assert [line.split(":")[0] for line in told.stderr.splitlines()] == ["line 3", "line 4"]
    before = terminal.rows()
    people = terminal.file(
        "responders.csv",
        "external_id,name,phone,role,area,lat,lon,capacity\n"
        "P1,Ben,13800138000,king,c,30,120,1\nP2,Ben,13800138000,volunteer,x,30,120,1\n"
        "P3,Ben,13800138000,volunteer,c,30,120,-1\nP4,Ben,call me,volunteer,c,30,120,1\n",
    )
    told = terminal.run("import", "responders", people, "--apply")
    assert [line.split(":")[0] for line in told.stderr.splitlines()] == ["line 2", "line 3", "line 4", "line 5"]
    assert "Ben" not in told.output and terminal.rows() == before


WHOLE_FILES: dict[str, tuple[str, str | bytes]] = {
    "not UTF-8": ("a.csv", b"external_id,name\n\xff,x\n"),
    "a cell too large": ("b.csv", f"external_id,name\nR1,{'x' * 200_000}\n"),
    "no id column": ("c.csv", "name,phone\nAda,13800138000\n"),
    "no features": ("d.geojson", '{"type": "Nothing"}'),
    "half a feature": ("e.geojson", '{"features": [{"properties": {'),
}


@pytest.mark.parametrize("said", WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_refused_whole(terminal: Terminal, said: str) -> None:
    file, before = terminal.file(*WHOLE_FILES[said]), terminal.rows()
    told = terminal.run("import", "residents", file, "--apply")
    assert told.exit_code == 1 and told.stderr.startswith("Error: ") and isinstance(told.exception, SystemExit)
    assert "Ada" not in told.output and terminal.rows() == before


def test_the_warnings_of_nobody_are_not_taken_in(terminal: Terminal) -> None:
    file, before = terminal.file("w.ndjson", "{}\n"), terminal.rows()
    told = terminal.run("warn", file, "--source", "nobody")
    assert told.exit_code == 1 and "There is no source nobody" in told.stderr and terminal.rows() == before


def test_each_bad_warning_of_a_file_is_named_with_its_fault_and_changes_nothing(terminal: Terminal) -> None:
    detected = "2026-01-01T00:00:00Z"
    head = "external_id,category,severity,summary,detected_at,resident.phone,resident.name\n"
    rows = f"w1,ufo,high,x,{detected},13800138000,Ada\nw2,impersonation,dire,x,{detected},13800138000,Ada\n"
    rows += f"w3,impersonation,high,x,{detected},12,Ada\nw4,impersonation,high,x,2026-01-01,13800138000,Ada\n"
    file, before = terminal.file("w.csv", head + rows), terminal.rows()
    told = terminal.run("warn", file, "--source", "bank")
    faults = [line.split(": ")[1:3] for line in told.stderr.splitlines()]
    assert faults == [
        ["UnknownCategory", "category"],
        ["BadInput", "severity"],
        ["BadInput", "resident.phone"],
        ["BadInput", "detected_at"],
    ]
    assert "0 warnings taken in, 4 refused" in told.stdout and told.exit_code == 1
    assert "Ada" not in told.output and terminal.rows() == before
