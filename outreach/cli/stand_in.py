"""`outreach stand-in`: the telephone network played in a terminal, so that a warning can be followed by hand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import datetime
from itertools import cycle

import click
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from outreach.cli.commands import main
from outreach.cli.server import listening
from outreach.clock import WallClock
from outreach.rehearsal.demo import ACCOUNT, NUMBER
from outreach.rehearsal.phones import Phones, Sight
from outreach.rehearsal.serving import serving

TOKEN = "stand-in-no-secret"  # noqa: S105 - invented, and the same for everybody so that the README can show it
WIDE, INDENT = 64, 16
UNANSWERED = {"no-answer": "nobody picked up", "busy": "the line is busy", "voicemail": "a machine picked up"}


@main.command("stand-in")
@click.option("--port", default=8099, show_default=True, help="Port it answers at.")
@click.option("--product", default="http://127.0.0.1:8000", show_default=True, help="Where `outreach serve` answers.")
@click.option("--rings", default=25.0, show_default=True, type=click.FloatRange(0), help="Seconds that a call rings.")
def stand_in(port: int, product: str, rings: float) -> None:
    """Play the telephone network, to try a warning by hand; never in production.

    Stands in for Twilio with an invented phone at every number: nobody real is texted or rung. Prints the environment
    that `outreach serve` wants for it, then each text and call as its phone would show it. You reply and pick up with
    curl, as it says when it starts.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_play(port, product, rings, Console(highlight=False)))


def environment(port: int, product: str) -> dict[str, str]:
    """The variables that turn the product at the address `product` to the stand-in on `port`."""
    return {
        "OUTREACH_TWILIO_ACCOUNT_SID": ACCOUNT,
        "OUTREACH_TWILIO_AUTH_TOKEN": TOKEN,
        "OUTREACH_TWILIO_FROM": NUMBER,
        "OUTREACH_TWILIO_API_URL": _url(port),
        "OUTREACH_PUBLIC_URL": product,
    }


async def _play(port: int, product: str, rings_s: float, console: Console) -> None:
    clock = WallClock()

    def show(sight: Sight) -> None:
        for line in drawn(sight, clock.now().astimezone(), _url(port)):
            console.print(line, soft_wrap=isinstance(line, Text))

    phones = Phones(TOKEN, clock.now, product, show, rings_s)
    at = listening("127.0.0.1", port, "Choose another with --port.")
    async with serving(phones.app, at, lifespan="on"):
        for line in _welcome(port, product):
            console.print(line, soft_wrap=isinstance(line, Text))
        try:
            await asyncio.Event().wait()
        finally:
            phones.put_down()


def _welcome(port: int, product: str) -> Iterator[RenderableType]:
    words = f"Plays the telephone network at {_url(port)}, for trying things out.\n"
    words += "There is an invented phone at every number: nobody real is texted or rung."
    yield Panel(words, title="Stand-in for Twilio", title_align="left", border_style="blue", width=WIDE + INDENT)
    yield "\nStart the product with these lines, in another terminal:\n"
    for name, value in environment(port, product).items():
        yield Text(f"  export {name}={value}", style="cyan")
    yield Text("  outreach serve\n", style="cyan")
    yield "Its texts and calls are shown below. Ctrl-C ends it.\n"


def drawn(sight: Sight, at: datetime, url: str) -> Iterator[RenderableType]:
    """What a phone shows, as boxes and lines for a terminal; `url` is the stand-in's, for the hint how to answer."""
    title = f"{sight.number} · {at:%H:%M:%S}"
    phone = f"curl {url}/phones/{sight.number}"
    if sight.what == "text":
        yield _bubble(Text(sight.words[0]), title, "blue")
        yield _hint(f"{phone}/reply -d 1")
    elif sight.what == "reply":
        yield _on_the_right(_bubble(Text(sight.words[0]), title, "green"))
    elif sight.what == "ringing":
        yield Text(f"{title} · the phone rings …", style="yellow")
        yield _hint(f"{phone}/answer -d 1")
    elif sight.what == "unanswered":
        yield Text(f"{title} · {UNANSWERED[sight.words[0]]}", style="yellow")
    else:
        yield from _conversation(sight, title)
    yield Text()


def _conversation(sight: Sight, title: str) -> Iterator[RenderableType]:
    if not any(sight.words):
        yield Text(f"{title} · picked up, and the line stayed silent", style="yellow")
    for words, heard in zip(sight.words, cycle((True, False)), strict=False):
        if words:
            bubble = _bubble(Text(words), f"{title} · {'says' if heard else 'pressed'}", "blue" if heard else "green")
            yield bubble if heard else _on_the_right(bubble)


def _bubble(words: Text, title: str, style: str) -> Panel:
    width = min(max(cell_len(words.plain), cell_len(title) + 2) + 4, WIDE)
    return Panel(words, title=title, title_align="left", border_style=style, width=width)


def _on_the_right(bubble: Panel) -> Padding:
    return Padding(bubble, (0, 0, 0, WIDE + INDENT - (bubble.width or WIDE)))


def _hint(words: str) -> Text:
    return Text(f"  {words}", style="bright_black")


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"
