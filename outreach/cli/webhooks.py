"""News to sources, for whoever runs the product: where it goes, what did not get through, and sending that again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from outreach import notices
from outreach.cli.commands import main, run_command, source
from outreach.clock import Clock
from outreach.errors import BadInput
from outreach.models import Notice, Source
from outreach.settings import Settings

WIDE = 160
REASONS = {
    "no_answer": "no answer: not reached, or too slow",
    "no_address": "no webhook address is set",
    "no_secret": "no webhook secret is set",
    "secret_unusable": "the webhook secret is not base64",
    "http_410": "it asked for no more at that address",
}


@source.command("webhook")
@click.argument("code")
@click.argument("url")
@click.option("--keep-secret", is_flag=True, help="Change the address alone.")
def source_webhook(code: str, url: str, keep_secret: bool) -> None:
    """Tell the source CODE at URL what becomes of its warnings, and print the secret that signs it, once."""

    async def work(settings: Settings, clock: Clock) -> str:
        return await notices.set_webhook(code, url, keep_secret=keep_secret)

    secret = run_command(work)
    click.echo(
        f"The source {code} is told there from now on; docs/webhooks.md says how it checks the signature.", err=True
    )
    if keep_secret:
        click.echo("It keeps the secret it has.", err=True)
    else:
        click.echo("Its secret, shown this once:", err=True)
        click.echo(secret)


@main.group(invoke_without_command=True)
@click.option("--source", "code", default=None, help="Code of a source: only its news.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def webhooks(context: click.Context, code: str | None, as_json: bool) -> None:
    """List the news that a source was not told in a day of tries."""
    if context.invoked_subcommand is not None:
        return

    async def work(settings: Settings, clock: Clock) -> list[Notice]:
        await _known(code)
        return await notices.given_up(code)

    rows = run_command(work)
    if as_json:
        for row in rows:
            click.echo(json.dumps(_told(row)))
        return
    _show(rows)
    if rows:
        click.echo("`outreach webhooks resend` sends them again, once the cause is gone.")


@webhooks.command()
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--source", "code", default=None, help="Code of a source: only its news.")
@click.option("--all", "everything", is_flag=True, help="All that was given up (of that source, when one is named).")
@click.option("--apply", is_flag=True, help="Queue it; without this, only say what would be sent.")
def resend(ids: tuple[UUID, ...], code: str | None, everything: bool, apply: bool) -> None:
    """Send once more what was given up: the news with these IDS, or --all."""
    if bool(ids) == everything:
        raise click.UsageError("Name the news by their ids, or say --all.")

    async def work(settings: Settings, clock: Clock) -> tuple[list[Notice], int]:
        await _known(code)
        rows = await notices.given_up(code, ids or None)
        if missing := set(ids) - {row.id for row in rows}:
            raise BadInput(f"Not among what was given up: {', '.join(sorted(map(str, missing)))}.")
        return rows, await notices.send_again([row.id for row in rows], clock.now()) if apply else 0

    rows, queued = run_command(work)
    if apply:
        click.echo(f"{queued} queued; `outreach serve` sends them, for another day if it must.")
        return
    _show(rows)
    if rows:
        click.echo(f"{len(rows)} would be sent again. Nothing was changed; `--apply` queues them.")


async def _known(code: str | None) -> None:
    if code is not None and not await Source.filter(code=code).exists():
        raise BadInput(f"There is no source {code}.")


def _told(row: Notice) -> dict[str, object]:
    return {
        "id": str(row.id),
        "source": row.source.code if row.source else None,
        "type": f"target.{row.kind}",
        "given_up_at": row.failed_at.astimezone(UTC).isoformat(timespec="seconds") if row.failed_at else None,
        "tries": row.tries,
        "failure": row.failure,
        "target_id": str(row.target_id) if row.target_id else None,
    }


def _show(rows: Sequence[Notice]) -> None:
    if not rows:
        click.echo("Every source was told everything.")
        return
    table = Table("id", "source", "news", "given up", "last failure", "target")
    for column in table.columns:
        column.no_wrap = column.header in ("id", "target")
    for row in rows:
        told = {name: str(value or "") for name, value in _told(row).items()}
        failure = REASONS.get(told["failure"], told["failure"])
        at = told["given_up_at"][:16].replace("T", " ") + "Z"
        table.add_row(told["id"], told["source"], told["type"], at, failure, told["target_id"])
    # Ids are there to be copied: a narrow terminal wraps the lines, and no id is cut.
    screen = Console(highlight=False)
    Console(highlight=False, width=max(screen.width, WIDE)).print(table, soft_wrap=screen.is_terminal)
    click.echo(f"{len(rows)} given up.")
