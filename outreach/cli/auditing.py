"""`outreach audit`: who looked at one resident's data, for whoever asks on their behalf."""

from __future__ import annotations

from uuid import UUID

import click

from outreach import reports
from outreach.cli.commands import main, run_command
from outreach.clock import Clock
from outreach.settings import Settings


@main.command("audit")
@click.argument("resident", type=click.UUID)
@click.option("--csv", "as_csv", is_flag=True, help="As CSV for the person concerned: without anybody's name.")
def audit(resident: UUID, as_csv: bool) -> None:
    """Print who looked at the personal data of this RESIDENT (an id), and when."""

    async def work(settings: Settings, clock: Clock) -> str:
        asked = reports.Asked(resident_id=resident)
        return await reports.looks_as_csv(asked) if as_csv else await _lines(asked)

    click.echo(run_command(work), nl=False)


async def _lines(asked: reports.Asked) -> str:
    said, before = "", None
    while True:
        page = await reports.looks(asked, before)
        for look in page["looks"]:
            who, at = look["who"], f"{look['at']:%Y-%m-%d %H:%M:%S} UTC"
            elsewhere = "board" if look["way"] == "board" else f"registry, {look['way']}"
            where = f"case {look['outreach_id']}" if look["outreach_id"] else elsewhere
            said += f"{at}  {who['kind']} {who['name'] or who['id']}  {where}\n"
        before = page["next"]
        if before is None:
            return said or "Nobody looked.\n"
