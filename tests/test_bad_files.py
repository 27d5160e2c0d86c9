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

pytestmark = pytest.mark.slow
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
    assert grown == {"resident": 1, "phone": 1, "search_token": 2}


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
    "brackets without end": ("f.geojson", '{"features": [' + "[" * 100_000),
    "a number of five thousand digits": ("g.geojson", '{"features": [' + "9" * 5000 + "]}"),
}


@pytest.mark.parametrize("said", WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_refused_whole(terminal: Terminal, said: str) -> None:
    file, before = terminal.file(*WHOLE_FILES[said]), terminal.rows()
    told = terminal.run("import", "residents", file, "--apply")
    assert told.exit_code == 1 and isinstance(told.exception, SystemExit)
    assert told.stderr.startswith(("Error: file: is not ", "Error: external_id: this column is missing"))
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


def test_a_place_or_a_day_beyond_any_reckoning_is_named_by_its_row(terminal: Terminal) -> None:
    terminal.run("import", "areas", terminal.file("areas.csv", "code,kind,name\nc,city,City\n"), "--apply")
    before = terminal.rows()
    far = '{"properties": {"external_id": "R1"}, "geometry": {"type": "Point", "coordinates": [1%s, 2]}}' % ("0" * 400)
    told = terminal.run("import", "residents", terminal.file("r.geojson", f'{{"features": [{far}]}}'), "--apply")
    assert told.stderr.startswith("line 1: refused: lon: ")
    head, ben = "external_id,name,phone,role,area,lat,lon,vetted_until\n", "P1,Ben,13800138000,volunteer,c,30,120,"
    told = terminal.run(
        "import", "responders", terminal.file("p.csv", head + ben + "9999-12-31T23:59:59-14:00\n"), "--apply"
    )
    assert told.stderr.startswith("line 2: refused: vetted_until: ")
    told = terminal.run("import", "areas", terminal.file("n.csv", "code,kind,name\ng,grid,A\0B\n"), "--apply")
    assert told.stderr.startswith("line 2: refused: name: ")
    assert terminal.rows() == before


ODD_LINES: dict[str, tuple[str, bytes, int]] = {
    "after blank lines": ("a.ndjson", b"\n\n  \nnonsense\n", 4),
    "not UTF-8": ("b.ndjson", b"\n{\xff}\n", 2),
    "not UTF-8 within a text": ("b2.ndjson", b'\n{"external_id": "\xff"}\n', 2),
    "brackets without end": ("c.ndjson", b"[" * 100_000, 1),
    "a number of five thousand digits": ("d.ndjson", b'{"external_id": ' + b"9" * 5000 + b"}", 1),
    "a cell too many": ("e.csv", b"external_id\nw1,Ada\n", 2),
    "a column that is two things": ("f.csv", b"external_id,resident,resident.phone\nw1,Ada,13800138000\n", 2),
    "below a cell of two lines": ("g.csv", b'external_id\n"w\n1"\n', 3),
}


@pytest.mark.parametrize("said", ODD_LINES)
def test_a_line_that_is_no_warning_is_named_and_changes_nothing(terminal: Terminal, said: str) -> None:
    name, text, line = ODD_LINES[said]
    file, before = terminal.file(name, text), terminal.rows()
    told = terminal.run("warn", file, "--source", "bank")
    assert told.exit_code == 1 and isinstance(told.exception, SystemExit), told.exception
    assert told.stderr.startswith(f"line {line}: BadInput: ") and "0 warnings taken in, 1 refused" in told.stdout
    assert "Ada" not in told.output and terminal.rows() == before


def test_a_cell_too_large_is_named_by_its_line(terminal: Terminal) -> None:
    told = terminal.run("warn", terminal.file("h.csv", f"external_id\n{'x' * 200_000}\n"), "--source", "bank")
    assert told.exit_code == 1 and told.stderr == "Error: line 2: is not CSV\n"
