"""Files in and figures out: `outreach import`, `outreach warn`, `outreach report`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
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
from outreach.reports import time_to_reach
from outreach.settings import Settings

MOST_SHOWN = 20
console = Console()


@main.command("import")
@click.argument("kind", type=click.Choice(["areas", "residents", "responders"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Write it; without this, only say what would change.")
def import_(kind: str, file: Path, apply: bool) -> None:
    """Bring in a CSV or GeoJSON FILE of areas, residents or responders."""

    async def work(settings: Settings, clock: Clock) -> ImportReport:
        with Progress(console=console, transient=True) as bar:
            rows = bar.add_task(f"Reading {kind}", total=None)
            return await import_rows(
                cast(Kind, kind),
                file,
                apply=apply,
                now=clock.now(),
                country=settings.country,
                progress=lambda done: bar.update(rows, completed=done),
            )

    _show(run_command(work), apply)


def _show(report: ImportReport, apply: bool) -> None:
    for line, what in report.listed[:MOST_SHOWN]:
        click.echo(f"line {line}: {what}")
    if len(report.listed) > MOST_SHOWN:
        click.echo(f"… and {len(report.listed) - MOST_SHOWN} more")
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


@main.command()
@click.option(
    "--from", "frm", type=click.DateTime(), default=None, help="From this moment (UTC); by default a day ago."
)
@click.option("--to", type=click.DateTime(), default=None, help="Up to this moment (UTC); now by default.")
@click.option("--by", type=click.Choice(["severity", "category", "source", "area", "policy"]), default=None)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def report(frm: datetime | None, to: datetime | None, by: str | None, form: str) -> None:
    """How long it took to reach people: shares, quantiles and where the minutes went."""

    async def work(settings: Settings, clock: Clock) -> None:
        now = clock.now()
        end = to.replace(tzinfo=now.tzinfo) if to else now
        begin = frm.replace(tzinfo=now.tzinfo) if frm else end - timedelta(days=1)
        told = await time_to_reach(begin, end, now, by=by)
        if form == "table":
            for table in told.to_tables():
                console.print(table)
        else:
            click.echo(told.to_csv() if form == "csv" else json.dumps(told.to_json(), ensure_ascii=False, indent=2))

    run_command(work)
