"""The commands of the terminal; each opens the database, does one thing, and says what it did."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import click
import uvicorn

from outreach import access, notices
from outreach.app import open_database, running, settings_and_clock
from outreach.cli.holders import area_named, holder_named, source_named
from outreach.cli.logs import logged_as_json
from outreach.cli.server import Server, listening, run
from outreach.clock import Clock
from outreach.errors import BadInput, MisSet, Refusal
from outreach.models import Coordinator, Source, Unit
from outreach.models.migrating import migrate
from outreach.models.states import ROLES, TokenKind
from outreach.settings import Settings

T = TypeVar("T")


def run_command(work: Callable[[Settings, Clock], Awaitable[T]]) -> T:
    """Run `work` on an open database; a refusal or a wrong setting ends the command with its sentence."""

    async def with_database() -> T:
        settings, clock = settings_and_clock()
        context = await open_database(settings, clock)
        try:
            return await work(settings, clock)
        finally:
            await context.close_connections()

    # What a command prints may be a token or a table for another program: the log goes beside it.
    with in_one_sentence(), logged_as_json("warning", sys.stderr):
        return asyncio.run(with_database())


@contextlib.contextmanager
def in_one_sentence() -> Iterator[None]:
    """End the command with its sentence on a refusal or a wrong setting."""
    try:
        yield
    except (MisSet, Refusal) as wrong:
        raise click.ClickException(in_words(wrong)) from None


def in_words(wrong: MisSet | Refusal) -> str:
    """Its sentence, or each field it finds fault with and why."""
    faults = wrong.faults if isinstance(wrong, Refusal) else ()
    return "; ".join(f"{fault.field}: {fault.reason}" for fault in faults) or str(wrong)


@click.group()
@click.version_option(package_name="outreach")
def main() -> None:
    """Reach a person in danger fast, and prove how long it took."""


@main.command("migrate")
def migrate_() -> None:
    """Bring the database up to date; safe when several start at once."""
    with in_one_sentence():
        settings, _ = settings_and_clock()
        asyncio.run(migrate(settings.database_url))
    click.echo("The database is up to date.")


@main.command()
def serve() -> None:
    """Start the product: the API and the loops behind it."""
    with in_one_sentence():
        settings, clock = settings_and_clock()
        with logged_as_json(settings.log_level, sys.stdout):
            run(_serve(settings, clock))


async def _serve(settings: Settings, clock: Clock) -> None:
    async with running(settings, clock) as application:
        # Requests' lines are not logged by the server: a query could hold what belongs in no log.
        config = uvicorn.Config(
            application,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            log_level="warning",
            lifespan="off",
        )
        at = listening(settings.host, settings.port, "Is Outreach running already? PORT chooses another.")
        click.echo(f"Outreach listens on http://{settings.host}:{settings.port} (API: /docs).")
        if not await Source.all().exists():
            click.echo('Next: `outreach source add police "City Police"` makes a source and prints its token.')
        if settings.messenger == "twilio" and not settings.twilio_account_sid:
            click.echo("No Twilio account is set: warnings are taken, but no text or call goes out.")
            click.echo("`outreach stand-in` plays one in another terminal, to try things out by hand.")
        await Server(config).serve(sockets=[at])


@main.group()
def source() -> None:
    """Systems that post warnings."""


@source.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--unit-kind", default="unit", help="What the unit is: police, bank, telecom, community.")
@click.option("--webhook-url", default=None, help="Where it is told, signed, what became of its warnings.")
@click.option("--area", default=None, help="Code of the area that it belongs to; the whole city, when not given.")
def source_add(code: str, name: str, unit_kind: str, webhook_url: str | None, area: str | None) -> None:
    """Make a unit with one source of that CODE, and print the source's token."""

    async def work(settings: Settings, clock: Clock) -> str:
        known = await Source.get_or_none(code=code)
        if known is not None:
            raise BadInput(f"There is a source {code} already; `outreach token source {known.id}` prints a new token.")
        bound = await area_named(area)
        address = notices.checked_address(webhook_url) if webhook_url else None
        unit = await Unit.create(code=code, name=name, kind=unit_kind)
        made = await Source.create(unit=unit, code=code, name=name, area=bound)
        if address:
            secret = await notices.set_webhook(code, address)
            # Beside the token, which another program may be reading.
            click.echo(f"Its webhook secret, shown this once: {secret}", err=True)
        return await access.issue_token(TokenKind.SOURCE, made.id, clock.now())

    click.echo(run_command(work))


@main.group()
def coordinator() -> None:
    """People who watch and reassign."""


@coordinator.command("add")
@click.argument("name")
@click.option("--area", default=None, help="Code of the area that they watch; the whole city, when not given.")
@click.option(
    "--source", "code", default=None, help="Code of the source in whose name they take down what is phoned in."
)
@click.option(
    "--role",
    type=click.Choice([role.value for role in ROLES]),
    default=TokenKind.COORDINATOR.value,
    help="coordinator decides, chief reads, hotline checks visitors, admin may all of it; coordinator, when not given.",
)
def coordinator_add(name: str, area: str | None, code: str | None, role: str) -> None:
    """Make a coordinator, and print the token; `outreach invite coordinator` lets them in by browser.

    What they take down by phone comes in under a source: the one given, or the built-in `phoned-in` (of an area:
    `phoned-in-AREA`).
    """

    async def work(settings: Settings, clock: Clock) -> str:
        bound = await area_named(area)
        under = await source_named(code) if code else await access.phoned_in(bound)
        made = await Coordinator.create(name=name, area=bound, source=under, role=TokenKind(role))
        return await access.issue_token(made.role, made.id, clock.now())

    click.echo(run_command(work))


@main.command()
@click.argument("kind", type=click.Choice([kind.value for kind in TokenKind]))
@click.argument("holder")
@click.option("--days", type=int, default=None, help="Days until it expires; never, when not given.")
def token(kind: str, holder: str, days: int | None) -> None:
    """Print a new token for HOLDER: a source's code, a responder's external_id, a coordinator's name, or an id.

    Only its hash is kept.
    """

    async def work(settings: Settings, clock: Clock) -> str:
        holder_id = await holder_named(TokenKind(kind), holder)
        return await access.issue_token(TokenKind(kind), holder_id, clock.now(), days)

    click.echo(run_command(work))
