"""The figures kept for the report: `outreach rollup`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from outreach.cli.commands import main, run_command
from outreach.cli.figures import moment
from outreach.clock import Clock
from outreach.reports.rolling import BEFORE_ALL, roll, unroll
from outreach.settings import Settings


@main.command()
@click.option("--from", "frm", type=moment, default=None, help="Count hours from this moment (UTC) on anew.")
@click.option("--to", type=moment, default=None, help="Count hours before this moment (UTC) anew; now, by default.")
def rollup(frm: datetime | None, to: datetime | None) -> None:
    """Bring the hourly figures up to date that long reports read; with --from or --to, count those hours anew.

    The product does so by itself every ten minutes.
    """

    async def work(settings: Settings, clock: Clock) -> int:
        zone, now = ZoneInfo(settings.city_time_zone), clock.now()
        if frm is not None or to is not None:
            await unroll(frm or BEFORE_ALL, to or now, zone)
        return await roll(now, zone)

    click.echo(f"{run_command(work)} hours were counted.")
