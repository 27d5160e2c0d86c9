"""`outreach index`: everybody is found anew by what is known of them."""

from __future__ import annotations

import click

from outreach.cli.commands import main, run_command
from outreach.clock import Clock
from outreach.registry import searching
from outreach.settings import Settings


@main.command("index")
def index() -> None:
    """Rebuild what residents and responders are searched by; needed once, after an update that brings the search."""

    async def work(settings: Settings, clock: Clock) -> int:
        return await searching.rebuild()

    click.echo(f"{run_command(work):,} people can be searched for.")
