"""A file is looked at row by row and nothing is written; then the same bytes are brought in, and no others."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from outreach.models import Area, Resident, Responder, Shift, TrustedContact
from outreach.models.states import AreaKind
from outreach.registry import import_rows
from outreach.registry.importing import KINDS
from tests.web.conftest import Cast

HEAD = "external_id,name,phone,area,colour\n"
PATH = "/api/registry/imports"


def sheet(*rows: tuple[object, ...]) -> bytes:
    """A workbook with these rows."""
    book, packed = Workbook(), BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(packed)
    return packed.getvalue()


async def bring(cast: Cast, whose: str, kind: str, content: bytes | str, name: str = "a.csv", **given: Any) -> Any:
    """Somebody sends a file; answers what is said of it."""
    raw = content.encode() if isinstance(content, str) else content
    file = {"kind": kind, "name": name, "content": b64encode(raw).decode(), **given}
    answer = await cast.ask(whose, "POST", PATH, json=file)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(said: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Line, key and what becomes of it."""
    return [(row["line"], row["key"], row["what"]) for row in said["rows"]]


async def test_a_file_is_told_row_by_row_and_written_only_when_the_same_bytes_are_applied(cast: Cast) -> None:
    first = await bring(cast, "Cleo", "residents", HEAD + "R1,Ada,+14155550111,xh,red\nR2,Eve,+14155550112,xh,\n")
    assert (first["new"], first["applied"]) == (2, False) and await Resident.all().count() == 0
    assert (first["columns"], first["ignored_columns"]) == (["external_id", "name", "phone", "area"], ["colour"])
    done = await bring(
        cast,
        "Cleo",
        "residents",
        HEAD + "R1,Ada,+14155550111,xh,red\nR2,Eve,+14155550112,xh,\n",
        apply=first["digest"],
    )
    assert done["applied"] and await Resident.all().count() == 2 and cast.woken
    later = HEAD + "R1,Ada,+14155550111,xh,\nR2,Eva,+14155550119,xh,\nR3,Bo,12,xh,\nR4,Bo,+14155550113,yh,\n"
    again = await bring(cast, "Cleo", "residents", later)
    assert told(again) == [(2, "R1", "unchanged"), (3, "R2", "changed"), (4, "R3", "refused"), (5, "R4", "refused")]
    assert again["rows"][1]["columns"] == ["name", "phone"]
    assert again["rows"][2]["reason"].startswith("phone: ") and again["rows"][3]["reason"].startswith("area: ")
    assert "Eva" not in str(again) and "4155550" not in str(again)
    refused = await cast.ask("Cleo", "POST", PATH, json={**_file(later), "apply": first["digest"]})
    assert refused.json()["type"] == "urn:outreach:OtherFile" and await Resident.all().count() == 2


def _file(content: str) -> dict[str, str]:
    return {"kind": "residents", "name": "a.csv", "content": b64encode(content.encode()).decode()}


async def test_a_workbook_says_the_same_as_the_text_it_was_made_of(cast: Cast) -> None:
    rows = [
        ("external_id", " phone ", "area", None),
        ("R1", 14155550111, "xh", "x"),
        (None, None, None),
        (7, 12.0, "xh"),
    ]
    said = await bring(cast, "Cleo", "residents", sheet(*rows), "register.XLSX")
    # The empty row is passed over, and the lines are the sheet's own.
    assert told(said) == [(2, "R1", "new"), (4, "7", "refused")]
    ends = datetime.fromisoformat("2026-11-25T16:00:00")
    shifts = sheet(("external_id", "starts_at", "ends_at"), ("P1", "2026-11-25T08:00:00Z", ends))
    said = await bring(cast, "Cleo", "shifts", shifts, "s.xlsx")
    assert told(said) == [(2, "P1", "refused")] and "ends_at" in said["rows"][0]["reason"]


async def test_the_command_and_the_board_bring_in_the_same(cast: Cast, tmp_path: Path, now: datetime) -> None:
    file = tmp_path / "register.xlsx"
    file.write_bytes(sheet(("external_id", "name", "phone", "area"), ("R1", "Ada", "+14155550111", "xh")))
    report = await import_rows("residents", file, apply=True, now=now, country="US")
    assert (report.created, report.lines) == (1, [])
    said = await bring(cast, "Cleo", "residents", file.read_bytes(), "register.xlsx")
    assert told(said) == [(2, "R1", "unchanged")]


async def test_nobody_is_brought_into_or_taken_out_of_another_area(cast: Cast) -> None:
    area = {"area": cast.elsewhere, "external_id": "R9", "made_at": cast.clock.now()}
    far = await Resident.create(**area)
    await Responder.filter(id=cast.ben.id).update(external_id="P1")
    lines = HEAD + "R9,Ada,+14155550111,xh,\nR1,Ada,+14155550111,,\nR2,Ada,+14155550111,yh,\n"
    said = await bring(cast, "Cleo", "residents", lines)
    assert [row["what"] for row in said["rows"]] == ["refused"] * 3
    contact = "external_id,name,phone,relation\nR9,Bo,+14155550115,son\n"
    said = await bring(cast, "Cleo", "contacts", contact)
    assert said["rows"][0]["reason"] == "external_id: no resident has it"
    shift = "external_id,starts_at,ends_at\nP1,2026-11-25T08:00:00Z,2026-11-25T16:00:00Z\n"
    assert (await bring(cast, "Dov", "shifts", shift))["rows"][0]["reason"] == "external_id: no responder has it"
    people = "external_id,name,phone,role,area,lat,lon\nP1,Ben,+14155550102,volunteer,yh,30,120\n"
    assert (await bring(cast, "Dov", "responders", people))["rows"][0]["what"] == "refused"
    digest = (await bring(cast, "Dov", "responders", people))["digest"]
    await bring(cast, "Dov", "responders", people, apply=digest)
    assert (await Responder.get(id=cast.ben.id)).area_id == cast.area.id  # type: ignore[attr-defined]
    assert (await Resident.get(id=far.id)).name is None and await Shift.all().count() == 0
    assert await TrustedContact.all().count() == 0


async def test_an_admin_brings_areas_in_below_their_own_and_nowhere_else(cast: Cast) -> None:
    file = "code,kind,name,parent\nxh1,grid,Grid 1,xh\nyh1,grid,Grid 2,yh\nyh,district,Ours,\nnew,city,Ours,\n"
    said = await bring(cast, "Cleo as admin", "areas", file)
    assert [row["what"] for row in said["rows"]] == ["new", "refused", "refused", "refused"]
    await bring(cast, "Cleo as admin", "areas", file, apply=said["digest"])
    [grid] = await Area.filter(kind=AreaKind.GRID)
    assert grid.path == "/hz/xh/xh1/" and (await Area.get(code="yh")).name == "Yuhang"


async def test_whoever_may_bring_files_in_is_told_which_and_with_what_columns(cast: Cast) -> None:
    said = [(await cast.ask(whose, "GET", PATH)).json() for whose in ("Cleo", "Cleo as admin")]
    assert [{kind["kind"] for kind in each["kinds"]} for each in said] == [set(KINDS) - {"areas"}, set(KINDS)]
    [residents] = [each for each in said[0]["kinds"] if each["kind"] == "residents"]
    assert {"name": "external_id", "needed": True} in residents["columns"]


def bomb() -> bytes:
    """A few kilobytes that unpack to thirty megabytes and more."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", bytes(31_000_000))
    return packed.getvalue()


LONG = sheet(("external_id",), *[(f"R{n}",) for n in range(500)])


@pytest.mark.parametrize(
    "content",
    [bomb(), b"PK\x03\x04", b"", sheet()[:-40], LONG[:200] + b"\0" * 400 + LONG[600:]],
    ids=["far larger inside", "a beginning", "nothing", "cut short", "overwritten"],
)
async def test_what_only_looks_like_a_workbook_is_refused(cast: Cast, content: bytes) -> None:
    file = {"kind": "residents", "name": "a.xlsx", "content": b64encode(content).decode()}
    answer = await cast.ask("Cleo", "POST", PATH, json=file)
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "file"
