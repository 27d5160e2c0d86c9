"""`outreach drill`: one text or call to one phone, with words that say it is a drill, and how long each stage took."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from dataclasses import dataclass

import click

from outreach import notices
from outreach.app import messenger_of, settings_and_clock
from outreach.cli.commands import in_one_sentence, main
from outreach.cli.logs import logged_as_json
from outreach.clock import Clock
from outreach.errors import BadInput
from outreach.messaging import AnswerLost, Fault, Messenger, Report, SendRefused, rules_of
from outreach.messaging.messenger import Accepted, Kind
from outreach.models.states import SETTLED_SEND
from outreach.registry.phones import number_of
from outreach.settings import Settings

ASKED_EVERY_S = 0.5
WHAT: dict[Kind, str] = {"sms": "text", "voice": "call"}
STAGES = {"picked_up": "picked up", "over": "over"}
REFUSED = {
    "no_account": "No account is set: see docs/twilio.md.",
    "no_voice_sender": "No number can place calls: set OUTREACH_TWILIO_VOICE_FROM.",
    "no_connection": "The provider was not reached: check this machine's way out.",
}
BY_FAULT = {
    "later": "The provider cannot take it now: try again in a minute.",
    "opt_out": "This phone has asked not to be written to: it takes that back by texting START.",
    "bad_number": "The provider takes this for no number that it can reach.",
    "ours": "The provider finds fault with the account, the sender or the words: `outreach doctor` says more.",
}


@dataclass(frozen=True)
class Drill:
    """Whom to reach, in which language, and how long to wait for an end (s)."""

    to: str
    country: str
    language: str
    wait_s: float


@main.command()
@click.option("--to", "number", required=True, help="The phone to reach; somebody who holds it should know.")
@click.option("--sms", "only_sms", is_flag=True, help="Only text it.")
@click.option("--voice", "only_voice", is_flag=True, help="Only ring it.")
@click.option("--language", default=None, help="zh-CN or en; the number's own, when not given.")
@click.option(
    "--wait", "wait_s", default=120.0, show_default=True, type=click.FloatRange(1), help="Seconds to wait for an end."
)
def drill(number: str, only_sms: bool, only_voice: bool, language: str | None, wait_s: float) -> None:
    """Text and ring one phone, in words that say it is a drill, and tell what happened and how long each stage took.

    Nothing of it is kept or counted. Ends with 1 when the phone was not reached in every way that was tried.
    """
    with in_one_sentence(), logged_as_json("error", sys.stderr):
        settings, clock = settings_and_clock()
        to, country = number_of(number, settings.country, "--to")
        chosen = language or notices.language_of_number(to, settings)
        wanted = Drill(to, country, chosen, wait_s)
        kinds = _kinds(wanted, only_sms, only_voice)
        reached = asyncio.run(_hold(wanted, kinds, settings, clock))
    raise SystemExit(0 if reached else 1)


def _kinds(drill: Drill, only_sms: bool, only_voice: bool) -> list[Kind]:
    rings = rules_of(drill.country).voice
    if only_voice and not only_sms and not rings:
        raise BadInput(f"Numbers of {drill.country} cannot be called by machine, and so no drill rings one.")
    asked_for: list[Kind] = ["sms"] if only_sms or not only_voice else []
    if only_voice or not only_sms:
        if rings:
            asked_for.append("voice")
        else:
            click.echo(f"Not rung: numbers of {drill.country} cannot be called by machine.")
    return asked_for


async def _hold(drill: Drill, kinds: list[Kind], settings: Settings, clock: Clock) -> bool:
    messenger = messenger_of(settings)
    try:
        return all([await _try(kind, drill, messenger, settings, clock) for kind in kinds])
    finally:
        await messenger.close()


async def _try(kind: Kind, drill: Drill, messenger: Messenger, settings: Settings, clock: Clock) -> bool:
    """One text or call, followed to its end; whether it reached the phone, or somebody who holds it."""
    begun_at, watch = clock.now(), _Watch()
    body = notices.drill_text(drill.language, settings, begun_at) if kind == "sms" else ""
    click.echo(f"The text: {body}" if body else "The call says that it is a drill; press 1 to try the keys.")
    try:
        sid = (await _send(kind, body, drill, messenger, settings)).sid
    except SendRefused as no:
        click.echo(f"Refused ({no.code}). {_why(no.code, no.fault)}")
        return False
    except AnswerLost:
        click.echo(f"{watch} The provider's answer was lost: it may have gone out all the same. Look at the phone.")
        return False
    click.echo(f"{watch} taken by the provider ({sid})")
    return _told(kind, await _followed(kind, sid, drill, messenger, watch), watch)


def _send(kind: Kind, body: str, drill: Drill, messenger: Messenger, settings: Settings) -> Awaitable[Accepted]:
    status = notices.drill_url(notices.DRILL_STATUS, drill.language, settings)
    if kind == "sms":
        return messenger.send_sms(drill.to, body, status)
    return messenger.call(drill.to, notices.drill_url(notices.DRILL_VOICE, drill.language, settings), status)


async def _followed(kind: Kind, sid: str, drill: Drill, messenger: Messenger, watch: _Watch) -> Report | None:
    """What the provider says in the end, each of its words shown as it comes; None when it never did."""
    last: Report | None = None
    while watch.seconds < drill.wait_s:
        found = await _asked(kind, sid, messenger)
        if found is not None and (last is None or found.word != last.word):
            click.echo(f"{watch} {STAGES.get(found.stage, found.word)}")
        last = found or last
        if last is not None and _over(kind, last):
            return last
        await asyncio.sleep(ASKED_EVERY_S)
    return last


async def _asked(kind: Kind, sid: str, messenger: Messenger) -> Report | None:
    try:
        return await messenger.status(kind, sid)
    except (SendRefused, AnswerLost):
        return None  # Asked again in a moment: the text or call goes on without us.


def _over(kind: Kind, found: Report) -> bool:
    # A call is followed past the moment it is picked up: who picked up is said later.
    return found.stage == "over" or (found.state in SETTLED_SEND and found.stage != "picked_up")


def _told(kind: Kind, found: Report | None, watch: _Watch) -> bool:
    """Say in one line what became of it; whether it reached the phone, or a person."""
    if found is None or found.state not in SETTLED_SEND:
        last = f"; its last word was {found.word}" if found else ""
        click.echo(f"✗ No end after {watch.seconds:.0f} s{last}. Does `outreach doctor` find all well?")
        return False
    if found.state == "failed":
        why = _why(found.failure, found.fault)
        click.echo(f"✗ The {WHAT[kind]} did not get through: {found.failure}. {why}".rstrip())
        return False
    if kind == "sms":
        click.echo(f"✓ The text is on the phone, after {watch.seconds:.1f} s.")
    else:
        click.echo(f"✓ {'A person' if found.by == 'human' else 'Somebody'} picked up the call.")
    return True


def _why(code: str, fault: Fault) -> str:
    return REFUSED.get(code) or BY_FAULT.get(fault, "")


class _Watch:
    """Seconds since the drill began, as a line begins with them."""

    def __init__(self) -> None:
        self._begun = asyncio.get_running_loop().time()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return asyncio.get_running_loop().time() - self._begun

    def __str__(self) -> str:
        return f"{self.seconds:6.1f} s "
