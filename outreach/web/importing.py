"""`/api/registry/imports`: a file is looked at row by row, and the same bytes are then brought in."""

from __future__ import annotations

import asyncio
import binascii
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import PurePath
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from outreach.errors import BadInput, FieldFault, NotYours, OtherFile, TooManyRows
from outreach.models.states import TokenKind
from outreach.registry import ImportReport, Kind
from outreach.registry.importing import KINDS, import_some
from outreach.registry.reading import Row, rows_in
from outreach.web.answers.importing import FilesTaken, ImportTold
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.table import ADMIN, DECIDING, Route

MOST_ROWS, MOST_SHOWN = 5000, 60
MOST_UNPACKED = 30_000_000
SUFFIXES = (".csv", ".xlsx", ".geojson", ".json")
CITYS: tuple[Kind, ...] = ("areas",)
"""What only an admin brings in."""


class ImportForm(Form):
    """A file: what it holds, how it is named (`.csv`, `.xlsx`, `.geojson`), and its bytes in base64.

    `apply` is the digest that looking at it gave; without it nothing is written.
    """

    kind: Kind
    name: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
    content: str
    apply: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


async def taken(ask: Ask) -> Response:
    """What files may hold."""
    kinds = [
        {
            "kind": kind,
            "columns": [
                {"name": name, "needed": column.is_required()}
                for name, column in form.model_fields.items()
                if name != "boundary"
            ],
        }
        for kind, (form, _) in KINDS.items()
        if may_bring(ask.caller.kind, kind)
    ]
    # Base64 makes four of three.
    most = ask.parts.settings.body_limit_bytes * 3 // 4
    return ask.answer({"most_rows": MOST_ROWS, "most_bytes": most, "kinds": kinds})


async def bring_in(ask: Ask) -> Response:
    """Look at a file, or apply the one that was looked at."""
    form = await ask.form(ImportForm)
    if not may_bring(ask.caller.kind, form.kind):
        raise NotYours()
    content = _bytes(form)
    digest = sha256(content).hexdigest()
    if form.apply is not None and form.apply != digest:
        raise OtherFile()
    # Reading takes its time, in which warnings come in.
    rows = await asyncio.to_thread(_rows, form.name, content)
    country, within = ask.parts.settings.country, ask.caller.area_path
    applied = form.apply is not None
    report = await import_some(form.kind, rows, apply=applied, now=ask.now, country=country, within=within)
    if applied:
        ask.parts.wake()
    said = {"kind": form.kind, "digest": digest, "applied": applied}
    return ask.answer({**said, **_counts(report), **_columns(form.kind, rows)})


def may_bring(kind: TokenKind, what: Kind) -> bool:
    """Whether somebody of this kind may bring in such a file."""
    return kind is ADMIN or what not in CITYS


def _counts(report: ImportReport) -> dict[str, object]:
    counts = {"new": report.created, "changed": report.changed, "unchanged": report.unchanged}
    return {**counts, "refused": len(report.bad), "rows": [asdict(line) for line in report.lines]}


def _columns(kind: Kind, rows: list[Row]) -> dict[str, list[str]]:
    """Those of the file that are read, and those that are not."""
    named, known = dict.fromkeys(name for row in rows for name in row.values), KINDS[kind][0].model_fields
    ignored = [name[:MOST_SHOWN] for name in named if name not in known]
    return {"columns": [name for name in named if name in known], "ignored_columns": ignored[:MOST_SHOWN]}


def _bytes(form: ImportForm) -> bytes:
    if PurePath(form.name).suffix.lower() not in SUFFIXES:
        raise BadInput(faults=(FieldFault("name", f"must end in one of {', '.join(SUFFIXES)}"),))
    try:
        return b64decode(form.content, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(faults=(FieldFault("content", "is not base64"),)) from None


def _rows(name: str, content: bytes) -> list[Row]:
    found: Iterator[Row] = rows_in(BytesIO(content), PurePath(name).suffix.lower(), MOST_UNPACKED)
    rows = list(islice(found, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooManyRows()
    if not rows:
        raise BadInput(faults=(FieldFault("file", "holds no rows"),))
    return rows


PATH = "/api/registry/imports"
ROUTES = (
    Route("GET", PATH, taken, DECIDING, "What files may be brought in, with their columns.", shape=FilesTaken),
    Route(
        "POST",
        PATH,
        bring_in,
        DECIDING,
        "What becomes of each row: only told, or done where `apply` was sent.",
        ImportForm,
        shape=ImportTold,
        refuses=(OtherFile, TooManyRows),
    ),
)
