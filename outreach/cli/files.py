"""Files in: `outreach import`, `outreach warn`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import Progress

from outreach.cli.commands import in_words, main, run_command
from outreach.cli.holders import source_named
from outreach.clock import Clock
from outreach.errors import BadInput, FieldFault
from outreach.intake import receive_many
from outreach.registry import ImportReport, Kind, import_rows
from outreach.settings import Settings

MOST_SHOWN = 20


@main.command("import")
@click.argument("kind", type=click.Choice(["areas", "residents", "contacts", "responders", "shifts"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Write it; without this, only say what would change.")
@click.option("--source", "code", default=None, help="Code of the source whose external_ids the residents have.")
@click.option("--all", "everything", is_flag=True, help=f"List every change, not the first {MOST_SHOWN} alone.")
def import_(kind: str, file: Path, apply: bool, code: str | None, everything: bool) -> None:
    """Bring in a CSV, XLSX or GeoJSON FILE of areas, residents, their trusted contacts, responders or their shifts.

    Columns, * needed; docs/importing.md says what each may hold:

    \b
    areas       code* kind* name* parent lat lon time_zone
    residents   external_id* name phone language address lat lon area
                (a phone, an address or lat and lon in each row)
    responders  external_id* name* phone* role* area* lat* lon*
                languages trained capacity vetted_until
    contacts    external_id* (a resident's) name* phone* relation*
                language may_be_told consent_at
    shifts      external_id* (a responder's) starts_at* ends_at*

    Ends with 1 when a row was refused; the others come in all the same.
    """
    if code is not None and kind not in ("residents", "contacts"):
        raise click.UsageError("--source goes with residents and contacts: only they have a source's ids.")

    size = file.stat().st_size

    async def work(settings: Settings, clock: Clock) -> ImportReport:
        screen = Console(stderr=True)
        with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
            read = bar.add_task(f"Reading {kind}", total=size)
            return await import_rows(
                cast(Kind, kind),
                file,
                apply=apply,
                now=clock.now(),
                country=settings.country,
                source=await source_named(code) if code else None,
                most_listed=None if everything else MOST_SHOWN,
                progress=lambda done: bar.update(read, completed=done),
            )

    told = run_command(work)
    _show(told, apply)
    raise SystemExit(1 if told.bad else 0)


def _show(report: ImportReport, apply: bool) -> None:
    for line, key, what in report.listed:
        click.echo(f"line {line}: {key}: {what}")
    more = report.created + report.changed - len(report.listed)
    if more:
        click.echo(f"… and {more:,} more; `--all` lists them")
    for line, reason in report.bad:
        click.echo(f"line {line}: refused: {reason}", err=True)
    verb = "" if apply else "would be "
    click.echo(
        f"{report.created} {verb}created, {report.changed} {verb}changed, {report.unchanged} unchanged, "
        f"{len(report.bad)} refused."
    )
    if not apply:
        click.echo("Nothing was written; `--apply` writes it.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "code", required=True, help="Code of the source that warns.")
def warn(file: Path, code: str) -> None:
    """Take in the warnings of a FILE: NDJSON, or CSV whose columns are fields (`resident.phone`)."""

    async def work(settings: Settings, clock: Clock) -> int:
        source = await source_named(code)
        refused, read, bodies = 0, 0, _bodies(file)
        while batch := list(islice(bodies, 1000)):
            for item in await receive_many([body for _, body in batch], source.id, settings, clock.now()):
                if item.refusal is not None:
                    refused += 1
                    why = in_words(item.refusal).removeprefix(": ")
                    click.echo(f"line {batch[item.index][0]}: {item.refusal.code}: {why}", err=True)
            read += len(batch)
        click.echo(f"{read - refused} warnings taken in, {refused} refused.")
        return refused

    raise SystemExit(1 if run_command(work) else 0)


def _bodies(file: Path) -> Iterator[tuple[int, object]]:
    """Each warning with the line it ends on; what is not UTF-8 or not JSON is a body that will be refused."""
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        if file.suffix.lower() == ".csv":
            yield from _rows(csv.DictReader(lines))
        else:
            yield from ((number, _parsed(line)) for number, line in enumerate(lines, 1) if line.strip())


def _rows(reader: csv.DictReader[str]) -> Iterator[tuple[int, object]]:
    try:
        for row in reader:
            yield reader.line_num, _nested(row)
    except csv.Error:
        raise BadInput(faults=(FieldFault(f"line {reader.line_num + 1}", "is not CSV"),)) from None


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _nested(row: dict[str, str]) -> dict[str, Any] | None:
    """`resident.phone` → {"resident": {"phone": …}}; empty cells are left out. None for cells that do not fit."""
    body: dict[str, Any] = {}
    for name, value in row.items():
        *path, last = (name or "").split(".")
        into: Any = body
        for part in path:
            into = into.setdefault(part, {}) if isinstance(into, dict) else None
        if name is None or not isinstance(into, dict):
            return None
        if value:
            into[last] = value
    return body
