"""What the product asks of whoever carries its texts and calls, and the two ways that can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from outreach.messaging.facts import Fault, Report

Kind = Literal["sms", "voice"]
Capability = Literal["sms", "voice", "two_way", "status"]
"""What a messenger may be able to do: carry texts, place calls, bring answers to texts, say what became of a send."""


class SendRefused(Exception):
    """The provider answered no: nothing was sent. `code` is its own, `fault` what that asks of us."""

    def __init__(self, code: str, fault: Fault = "never") -> None:
        self.code, self.fault = code, fault
        super().__init__(code)

    @property
    def permanent(self) -> bool:
        """Whether trying again is useless."""
        return self.fault != "later"


class AnswerLost(Exception):
    """No answer came, so nobody knows whether it was sent: look it up before sending again."""


@dataclass(frozen=True)
class Accepted:
    """The provider took it, under its id `sid`."""

    sid: str


class Messenger(Protocol):
    """Carries texts and calls. Numbers are E.164; `callback_url` is told of every change of state.

    What it cannot do it refuses for good, and at once, so that the ladder goes on to what can work.
    """

    can: frozenset[Capability]
    pace: Mapping[Kind, float]
    """How many segments of text and calls a second the provider lets our sender send; what is not in it is free."""

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Send a text; raises SendRefused or AnswerLost."""
        ...

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Ring, and ask `words_url` what to say; raises SendRefused or AnswerLost.

        Whether a person or a machine took it is told to `words_url` if it is known by then, else to `callback_url`.
        """
        ...

    async def find(self, kind: Kind, to: str, body: str, since: datetime) -> list[Report]:
        """What was sent to that number since then (texts: with that body), oldest first; raises like a send."""
        ...

    async def status(self, kind: Kind, sid: str) -> Report | None:
        """What became of that message or call, None where the provider has none such; raises like a send."""
        ...

    async def close(self) -> None:
        """Give back what it holds open."""
        ...
