"""`outreach invite`: a link by which a responder's phone or a coordinator gets in, printed with its QR code."""

from __future__ import annotations

from io import StringIO

import click
import segno

from outreach import access
from outreach.cli.commands import main, run_command
from outreach.cli.holders import holder_named
from outreach.clock import Clock
from outreach.models.states import TokenKind
from outreach.settings import Settings


@main.group("invite")
def invite_() -> None:
    """Let people in."""


@invite_.command("responder")
@click.argument("who")
def responder(who: str) -> None:
    """Print a link for WHO (an external_id or an id), to send or to scan; the code still comes to their own phone."""

    async def work(settings: Settings, clock: Clock) -> tuple[str, access.Invited]:
        holder = await holder_named(TokenKind.RESPONDER, who)
        made = await access.invite(holder, clock.now())
        return made.url(settings.public_url), made

    url, made = run_command(work)
    _show(url, f"It may be used until {made.expires_at:%Y-%m-%d %H:%M} UTC.")


@invite_.command("coordinator")
@click.argument("who")
def coordinator(who: str) -> None:
    """Print a link that lets WHO (a name or an id) in once, and set a password: hand it to them and nobody else."""

    async def work(settings: Settings, clock: Clock) -> tuple[str, access.Link]:
        holder = await holder_named(TokenKind.COORDINATOR, who)
        made = await access.make_link(holder, clock.now())
        return made.url(settings.public_url), made

    url, made = run_command(work)
    _show(url, f"It may be used once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")


def _show(url: str, until: str) -> None:
    click.echo(url)
    # Beside the link, which another program may be reading.
    click.echo(qr_of(url), err=True)
    click.echo(until, err=True)


def qr_of(url: str) -> str:
    """The link as a QR code drawn with characters, to be scanned off a terminal."""
    drawn = StringIO()
    segno.make(url, error="m").terminal(drawn, compact=True)
    return drawn.getvalue()
