"""News to sources, for whoever runs the product: where it goes, what signs it, and what did not get through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, timedelta
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
MOST_HOURS = 720.0
REASONS = {
    "no_answer": "no answer: not reached, or too slow",
    "no_address": "no webhook address is set",
    "no_secret": "no webhook secret is set",
    "secret_unusable": "the webhook secret is not base64",
    "http_410": "it asked for no more at that address",
}


@source.command("webhook")
@click.argument("code")
@click.argument("url", required=False)
@click.option("--keep-secret", is_flag=True, help="Change the address alone.")
@click.option("--clear", is_flag=True, help="Tell it nothing more; it can still ask /api/feed.")
def source_webhook(code: str, url: str | None, keep_secret: bool, clear: bool) -> None:
    """Tell the source CODE at URL what becomes of its warnings, and print the secret that signs it, once."""
    if clear is bool(url) or (clear and keep_secret):
        raise click.UsageError("Name the address, or say --clear to tell it nothing more.")
    if url is None:
        _clear(code)
        return
    address = url

    async def work(settings: Settings, clock: Clock) -> str:
        return await notices.set_webhook(code, address, keep_secret=keep_secret)

    secret = run_command(work)
    click.echo(
        f"The source {code} is told there from now on; docs/webhooks.md says how it checks the signature.", err=True
    )
    if keep_secret:
        click.echo("It keeps the secret it has.", err=True)
    else:
        _show_secret(secret)


def _clear(code: str) -> None:
    async def work(settings: Settings, clock: Clock) -> int:
        return await notices.clear_webhook(code)

    waited = run_command(work)
    click.echo(f"The source {code} is told nothing any more. {waited} news that waited for it are not sent;")
    click.echo("all of it is in /api/feed.")


def _show_secret(secret: str) -> None:
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


@webhooks.command()
@click.argument("code")
@click.option(
    "--hours",
    type=click.FloatRange(min=0, max=MOST_HOURS),
    default=24.0,
    show_default=True,
    help="How long the secret it has now signs beside the new one.",
)
@click.option("--end", is_flag=True, help="The source has changed over: the older secret signs nothing any more.")
def rotate(code: str, hours: float, end: bool) -> None:
    """Give the source CODE a new secret, and print it, once; for a while, both sign what it is told."""

    async def work(settings: Settings, clock: Clock) -> str | None:
        if end:
            await notices.end_rotation(code)
            return None
        return await notices.rotate_secret(code, clock.now(), timedelta(hours=hours))

    secret = run_command(work)
    if secret is None:
        click.echo(f"Only its newest secret signs what the source {code} is told.")
        return
    click.echo(f"Both secrets sign what the source {code} is told, for {hours:g} hours from now.", err=True)
    _show_secret(secret)


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
