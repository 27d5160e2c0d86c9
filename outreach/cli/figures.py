"""Figures out: `outreach report`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console

from outreach.app import settings_and_clock
from outreach.cli.commands import in_one_sentence, main, run_command
from outreach.clock import Clock
from outreach.models.connecting import database_config, is_sqlite
from outreach.reports import BY, time_to_reach
from outreach.settings import Settings

USUAL = timedelta(days=7)
YEARS = range(2000, 2200)
console = Console()


def moment(said: str) -> datetime:
    """A time as the API takes it, ISO 8601; in UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise click.BadParameter("write a time, as in 2026-11-24T12:00:00Z")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@main.command()
@click.option("--from", "frm", type=moment, default=None, help="From this moment (UTC); a week before --to.")
@click.option("--to", type=moment, default=None, help="Up to this moment (UTC); now by default.")
@click.option("--by", type=click.Choice(BY), default=None)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def report(frm: datetime | None, to: datetime | None, by: str | None, form: str) -> None:
    """How long it took to reach people: shares, quantiles and where the minutes went."""
    with in_one_sentence():
        _refuse_none(settings_and_clock()[0].database_url)

    async def work(settings: Settings, clock: Clock) -> None:
        now = clock.now()
        end = to or now
        told = await time_to_reach(frm or end - USUAL, end, now, by=by)
        if form == "table":
            click.echo(f"{_said(told.frm)} to {_said(told.to)}, in {_named(settings.database_url)}")
            for table in told.to_tables():
                console.print(table)
        else:
            click.echo(told.to_csv() if form == "csv" else json.dumps(told.to_json(), ensure_ascii=False, indent=2))

    run_command(work)


def _refuse_none(database_url: str) -> None:
    # To open a database that is not there would make it, and report that nobody was warned.
    if is_sqlite(database_url) and not Path(_named(database_url)).exists():
        raise click.ClickException(f"There is no database {_named(database_url)} here; DATABASE_URL names another.")


def _named(database_url: str) -> str:
    """The file, or host, port and name: never the user or the password."""
    found = database_config(database_url)["connections"]["default"]["credentials"]
    return str(found["file_path"]) if is_sqlite(database_url) else "{host}:{port}/{database}".format(**found)


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"
