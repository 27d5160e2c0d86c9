"""The command: every check, drawn for a terminal or as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
import httpx2
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outreach.app import settings_and_clock
from outreach.cli.commands import main
from outreach.cli.doctor.environment import check_settings, is_twilio
from outreach.cli.doctor.findings import Finding
from outreach.cli.doctor.installation import check_database
from outreach.cli.doctor.provider import check_account
from outreach.cli.doctor.round_trip import check_round_trip
from outreach.cli.logs import logged_as_json
from outreach.clock import Clock
from outreach.errors import MisSet
from outreach.settings import Settings

PATIENCE_S = 10.0
MARKS = {"ok": ("✓", "green"), "note": ("·", "yellow"), "change": ("✗", "bold red")}
Part = tuple[str, list[Finding]]


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor(as_json: bool) -> None:
    """Check this installation: settings, database, keys, Twilio, and the way back from it.

    Nothing is sent, rung or changed. Ends with 1 when something must be changed.
    """
    try:
        settings, clock = settings_and_clock()
    except MisSet as wrong:
        raise click.ClickException(str(wrong)) from None
    console = Console(highlight=False)
    with logged_as_json("error", sys.stderr), console.status("Asking …") if console.is_terminal else Quiet():
        parts = asyncio.run(examine(settings, clock))
    found = [finding for _, findings in parts for finding in findings]
    if as_json:
        click.echo(json.dumps(as_data(parts), ensure_ascii=False, indent=2))
    else:
        for line in drawn(parts):
            console.print(line)
    raise SystemExit(1 if any(finding.level == "change" for finding in found) else 0)


class Quiet:
    """Says nothing while the checks run."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


async def examine(settings: Settings, clock: Clock) -> list[Part]:
    """All the checks, in the order in which one would put them right."""
    parts = [("Settings", check_settings(settings))]
    parts.append(("Data", await check_database(settings, clock.now())))
    if not is_twilio(settings) or not settings.twilio_account_sid:
        return parts
    # As the product itself asks: no proxy of the environment, no redirect.
    async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False, follow_redirects=False) as client:
        parts.append(("Twilio", await check_account(settings, clock, client)))
        parts.append(("The way back", await check_round_trip(settings, client)))
    return parts


def as_data(parts: Sequence[Part]) -> dict[str, object]:
    """The findings for another program: each with its part, and whether all is well."""
    found = [{"part": part, **asdict(finding)} for part, findings in parts for finding in findings]
    return {"well": all(each["level"] != "change" for each in found), "findings": found}


def drawn(parts: Sequence[Part]) -> Iterator[Table | Text]:
    """The findings for a person: a mark, what it is about, what was found, and beneath it what to do."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(width=1)
    table.add_column(min_width=18, style="bold")
    table.add_column(ratio=1)
    for part, findings in parts:
        table.add_row("", Text.assemble((f"\n{part}", "dim")), "")
        for finding in findings:
            table.add_row(*_row(finding))
    yield table
    wanting = sum(finding.level == "change" for _, findings in parts for finding in findings)
    things = "One thing" if wanting == 1 else f"{wanting} things"
    yield Text(f"\n{things} to change.", "bold red") if wanting else Text("\nAll is well.", "bold green")


def _row(finding: Finding) -> tuple[Text, Text, Text]:
    mark, style = MARKS[finding.level]
    says = Text(finding.says)
    if finding.do:
        says.append(f"\n→ {finding.do}", "cyan")
    return Text(mark, style), Text(finding.about), says
