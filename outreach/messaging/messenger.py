"""What the product asks of whoever carries its texts and calls, and the two ways that can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["sms", "voice"]
Capability = Literal["sms", "voice", "two_way", "status"]
"""What a messenger may be able to do: carry texts, place calls, bring answers to texts, say what became of a send."""


Fault = Literal["later", "never", "opt_out", "bad_number", "ours"]
"""What a failure's code asks of us: try again after a pause; never; keep their wish to be left alone; use the number no
more; tell the operator, whose account, sender or words it is about."""


class SendRefused(Exception):
    """The provider answered no: nothing was sent. `code` is its own; `permanent` says that trying again is useless."""

    def __init__(self, code: str, permanent: bool) -> None:
        self.code, self.permanent = code, permanent
        super().__init__(code)


class AnswerLost(Exception):
    """No answer came, so nobody knows whether it was sent: look it up before sending again."""


@dataclass(frozen=True)
class Accepted:
    """The provider took it, under its id `sid`."""

    sid: str


@dataclass(frozen=True)
class Found:
    """A message or call the provider holds: its id and state in its own words, its error code, who picked up."""

    sid: str
    status: str
    code: str = ""
    answered_by: str = ""


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

    async def call(self, to: str, twiml_url: str, callback_url: str) -> Accepted:
        """Ring, and ask `twiml_url` what to say; raises SendRefused or AnswerLost.

        Who took the call (`AnsweredBy`) is told in that request where it is known by then, else to `callback_url`.
        """
        ...

    async def find(self, kind: Kind, to: str, body: str, since: datetime) -> list[Found]:
        """What was sent to that number since then (texts: with that body), oldest first; raises like a send."""
        ...

    async def status(self, kind: Kind, sid: str) -> Found | None:
        """What became of that message or call, None where the provider has none such; raises like a send."""
        ...

    async def close(self) -> None:
        """Give back what it holds open."""
        ...
