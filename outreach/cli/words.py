"""`outreach words`: every text to residents and those they named; `outreach case-word`: whose word was quoted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click

from outreach import attempts
from outreach.app import settings_and_clock
from outreach.cli.commands import main, run_command
from outreach.clock import Clock
from outreach.messaging import to_resident
from outreach.messaging.segments import alphabet, segments
from outreach.messaging.texts import LANGUAGES, TO_CONTACT, TO_RESIDENT
from outreach.settings import Settings

LIKE_A_WORD = "K7M4T"


@dataclass(frozen=True)
class Row:
    """One text as it leaves: to a country whose phones can answer and that allows a hotline's number, or to neither."""

    key: str
    language: str
    body: str


def rows(settings: Settings) -> Iterator[Row]:
    """Every text with this service's name and hotline."""
    for language in LANGUAGES:
        for key in (*TO_RESIDENT, *TO_CONTACT):
            for two_way in (True, False):
                yield Row(key if two_way else f"{key}_one_way", language, _body(key, language, settings, two_way))


def _body(key: str, language: str, settings: Settings, two_way: bool) -> str:
    hotline = settings.hotline if two_way else ""
    word = LIKE_A_WORD if key in TO_CONTACT and settings.hotline else ""
    return to_resident(key, language, service=settings.service_name, hotline=hotline, replies=two_way, word=word)


@main.command()
def words() -> None:
    """Show every text to residents, with the SMS segments that each is sent and paid as."""
    settings, _ = settings_and_clock()
    for row in rows(settings):
        head = (
            f"{row.language} {row.key}: {len(row.body)} letters, {alphabet(row.body)}, segments: {segments(row.body)}"
        )
        click.echo(f"{head}\n  {row.body}")


@main.command("case-word")
@click.argument("word")
def case_word_(word: str) -> None:
    """Print the id of the outreach whose case WORD a trusted contact quotes to the hotline."""

    async def work(settings: Settings, clock: Clock) -> list[str]:
        return [str(each) for each in await attempts.cases_of_word(word)]

    found = run_command(work)
    if not found:
        raise click.ClickException("No case that is still open has this word.")
    click.echo("\n".join(found))
