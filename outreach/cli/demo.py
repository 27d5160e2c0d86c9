"""`outreach demo`: a rehearsal to watch, and its report."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from outreach.cli.commands import main
from outreach.cli.logs import logged_as_json
from outreach.rehearsal.accounting import STATES, count, sentence
from outreach.rehearsal.demo import Plan, Rehearsal, follow, opened, play
from outreach.rehearsal.lent_phone import LentPhone
from outreach.rehearsal.view import draw

BEN = "P001"
LINE_EVERY_MIN = 10
AFTERWARDS, ALMOST_LATE = 45.0, 28.0
"""City minutes after the rehearsal, for whoever stays, and how long ago the last warnings are then."""


@main.command()
@click.option("--serve", is_flag=True, help="Stay open afterwards, at the speed of the wall clock.")
@click.option("--seed", default=7, show_default=True, help="Another seed, other people's luck.")
@click.option("--rate", default=60.0, show_default=True, type=click.FloatRange(2, 600), help="City minutes a minute.")
def demo(serve: bool, seed: int, rate: float) -> None:
    """Rehearse 90 minutes of an invented city: 60 warnings, no account, no network, nobody real."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="outreach-demo-") as folder:
        try:
            sound = asyncio.run(
                run_demo(Path(folder), Plan(seed, rate, afterwards=AFTERWARDS if serve else 0), console, serve=serve)
            )
        except KeyboardInterrupt:
            raise click.Abort from None
    raise SystemExit(0 if sound else 1)


async def run_demo(folder: Path, plan: Plan, console: Console, *, serve: bool = False) -> bool:
    """One rehearsal in `folder`, shown on `console`; whether every warning is accounted for."""
    with logged_to(folder / "log.ndjson"):
        console.print("Setting up the city: 2,000 residents, 120 responders …")
        async with opened(folder, plan) as rehearsal:
            await watched(rehearsal, plan, console)
            sound = await settle(rehearsal, plan, console)
            if serve:
                await _stay(rehearsal, folder, console)
            return sound


async def settle(rehearsal: Rehearsal, plan: Plan, console: Console) -> bool:
    """Print the report and the accounting; False when a figure does not add up, with what does not."""
    report, accounts = await rehearsal.report(), await rehearsal.accounts()
    for table in report.to_tables():
        console.print(table)
    counts, told = report.total.counts, count(accounts)
    odd = rehearsal.disagreements(accounts, plan.rate)
    console.print(f"[bold]{sentence(accounts)}[/]")
    reported = (counts.reached, counts.ended_unreached, counts.ended_otherwise, counts.still_open)
    adds_up = counts.warned == len(accounts) == rehearsal.board.wanted and reported == tuple(told[s] for s in STATES)
    console.print(f"The report says the same: {_yes(adds_up)}")
    console.print(f"The diaries of the residents and responders say the same: {_yes(not odd)}")
    for account in odd:
        console.print(f"  {account.external_id}: {account.state} at {account.reached_at}, diary {account.by_diary}")
    for fault in rehearsal.town.faults:
        console.print(f"  somebody in the city failed: {type(fault).__name__}")
    return adds_up and not odd and not rehearsal.town.faults


async def watched(rehearsal: Rehearsal, plan: Plan, console: Console) -> None:
    """Play it, shown live on a terminal and else by a line every ten city minutes."""
    show = _on_terminal if console.is_terminal else _in_lines
    watching = asyncio.create_task(show(rehearsal, console))
    try:
        await play(rehearsal, plan)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _on_terminal(rehearsal: Rehearsal, console: Console) -> None:
    with Live(console=console, auto_refresh=False) as live:

        def show(now: datetime) -> None:
            live.update(draw(rehearsal.board, now, console.height, console.width), refresh=True)

        await follow(rehearsal, show)


async def _in_lines(rehearsal: Rehearsal, console: Console) -> None:
    step = timedelta(minutes=LINE_EVERY_MIN)
    moment = rehearsal.start + step
    while await rehearsal.town.until(moment):
        await rehearsal.watch()
        console.print(rehearsal.board.line(rehearsal.town.clock.now()), highlight=False)
        moment += step


async def _stay(rehearsal: Rehearsal, folder: Path, console: Console) -> None:
    try:
        await _lend(rehearsal, folder, console)
    except asyncio.CancelledError:
        # Ctrl-C is how it is meant to end: the closing goes on, and the result stands.
        staying = asyncio.current_task()
        assert staying is not None
        staying.uncancel()


async def _lend(rehearsal: Rehearsal, folder: Path, console: Console) -> None:
    """Say how to get in, and show the texts to Ben's phone until somebody ends it."""
    console.print(
        f"\nThe city stays open at [bold]{rehearsal.url}[/] (API: /docs), log in {folder}. Ctrl-C ends it.",
        soft_wrap=True,
    )
    phone = LentPhone(rehearsal, BEN, lambda text: console.print(f"Ben's phone: {text}", markup=False, soft_wrap=True))
    await phone.warn_of_others(ALMOST_LATE)
    console.print(
        f"Three more, near Ben, were warned of {ALMOST_LATE:.0f} minutes ago and not reached: soon they are late."
    )
    console.print(f"Cleo, coordinator of the whole city: {rehearsal.staged.cleo}", soft_wrap=True)
    console.print(f"Ben, responder {BEN}: {rehearsal.staged.responders[BEN]}", soft_wrap=True)
    console.print(f"Be Cleo, at the board: {await phone.board()}", soft_wrap=True)
    console.print(f"Be Lina, who administers the centre: {await phone.office()}", soft_wrap=True)
    console.print(f"Be Ben, on a phone or in a narrow window: {await phone.invitation()}", soft_wrap=True)
    console.print("The texts to his phone show here; a minute after the first, somebody near by needs a visit.")
    await phone.watch()


@contextlib.contextmanager
def logged_to(file: Path) -> Iterator[None]:
    """Every log line, ours and the libraries', into `file`: a terminal shows the city."""
    with file.open("a", encoding="utf-8", buffering=1) as out, logged_as_json("debug", out):
        yield


def _yes(holds: bool) -> str:
    return "[green]yes[/]" if holds else "[red]no[/]"
