"""The guide to Twilio keeps its word: typed to the letter, against the stand-in, it leads to an answered call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from outreach.cli.stand_in import TOKEN
from tests.harness.databases import free_port
from tests.test_readme import BLOCK, Terminal, folder, until, until_shown

__all__ = ["folder"]

GUIDE = Path(__file__).parents[1] / "docs" / "twilio.md"
PHONE = "+12025550123"


def blocks(serve: int) -> list[tuple[str, str]]:
    """What the guide has one type and see, with the token and the address that are true here."""
    words = GUIDE.read_text(encoding="utf-8").replace("https://outreach.city.example", f"http://127.0.0.1:{serve}")
    words = words.replace("your-auth-token", TOKEN).replace("127.0.0.1:8000", f"127.0.0.1:{serve}")
    return [(block[1], block[2]) for block in BLOCK.finditer(words)]


@pytest.fixture
def terminals(folder: Path) -> Iterator[list[Terminal]]:
    """The two that the guide asks for, and one in which the stand-in plays Twilio."""
    opened = [Terminal(folder, name) for name in ("first", "second", "twilio")]
    yield opened
    for terminal in opened:
        terminal.close()


def play_twilio(terminal: Terminal, port: int, serve: int) -> None:
    """The stand-in, in Twilio's place."""
    product = f"http://127.0.0.1:{serve}"
    terminal.type(f". .venv/bin/activate; outreach stand-in --port {port} --product {product}")
    until(lambda: "Plays the telephone network" in terminal.printed(), terminal.printed)


def held(stand_in: int, do: str, what: str) -> None:
    """Whoever holds the phone does this."""
    said = httpx2.post(f"http://127.0.0.1:{stand_in}/phones/{PHONE}/{do}", content=what, trust_env=False)
    assert said.status_code == 200, said.text


@pytest.mark.slow
def test_an_operator_who_follows_the_guide_to_the_letter_gets_to_the_first_call(terminals: list[Terminal]) -> None:
    first, second, twilio = terminals
    serve, stand_in = free_port(), free_port()
    play_twilio(twilio, stand_in, serve)
    # What is not in the guide: that Twilio is played here, and on which port there is room.
    for terminal in (first, second):
        terminal.type(f"export OUTREACH_TWILIO_API_URL=http://127.0.0.1:{stand_in} PORT={serve}")
    before = ["", "", ""]
    for kind, block in blocks(serve):
        if kind == "sh":
            before = [terminal.printed() for terminal in terminals]
            follow(block, first, second, twilio, stand_in)
        else:
            until_shown(block, terminals, before)
    assert [second.interrupt(), twilio.interrupt()] == [0, 0]
    assert not [each.screen.name for each in terminals if "Traceback" in each.printed()]


def follow(block: str, first: Terminal, second: Terminal, twilio: Terminal, stand_in: int) -> None:
    """Type one block where the guide says, and do with the phone what it says."""
    if "outreach serve" in block:
        second.type(block)
        return
    if "drill" in block:
        held(stand_in, "answer", "1")
    first.type(block)
    first.finishes()
    if "curl" in block:
        until(lambda: "Reply 1 if you are." in twilio.printed(), twilio.printed)
        held(stand_in, "reply", "1")


def test_the_guide_names_every_address_that_twilio_is_to_be_told() -> None:
    words = GUIDE.read_text(encoding="utf-8")
    assert "`https://outreach.city.example/twilio/sms`" in words
    assert "`https://outreach.city.example/twilio/voice`" in words


def test_the_guide_says_how_people_are_rung_where_texts_come_from_a_service() -> None:
    words = GUIDE.read_text(encoding="utf-8")
    section = words.split("## With a messaging service", 1)[1].split("\n## ", 1)[0]
    assert "`OUTREACH_TWILIO_VOICE_FROM`" in section and "cannot ring anybody" in section
