"""What a provider tells us, in our own words: what became of a text or call, a text that came in, a call that is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fault = Literal["later", "never", "opt_out", "bad_number", "ours"]
"""What a failure asks of us: try again after a pause; never; keep their wish to be left alone; use the number no more;
tell the operator, whose account, sender or words it is about."""
State = Literal["sent", "delivered", "answered", "failed"]
"""A text or call is under way, or on the phone; a person took the call; it did not get through."""
Stage = Literal["", "picked_up", "over"]
"""How far a call is, as far as is known."""
By = Literal["", "human", "machine"]
"""Who took a call, where the provider can tell."""
Wish = Literal["", "stop", "start", "help"]
"""What a provider itself took a text to ask for."""
VOICEMAIL = "voicemail"
"""Why a call failed that a machine took."""


@dataclass(frozen=True)
class Report:
    """What became of the text or call that the provider has under the id `sid`, called back or asked for.

    `state` is what its `word` means, None where that is nothing we know. `failure` is why it failed: `busy`,
    `no-answer`, `voicemail`, else the provider's code or word; `fault` is what that asks of us. `by` says who took a
    call, `stage` how far it is. `word`, its number in the call (`sequence`) and `code` are kept as the provider wrote
    them.
    """

    sid: str
    state: State | None
    word: str
    failure: str = ""
    fault: Fault = "never"
    by: By = ""
    stage: Stage = ""
    sequence: int = 0
    code: str = ""


@dataclass(frozen=True)
class Text:
    """A text that came in from the number `sender` (E.164), under the provider's id `sid`."""

    sender: str
    body: str
    sid: str = ""
    wish: Wish = ""


@dataclass(frozen=True)
class Call:
    """A call that asks what to say, under the provider's id `sid`.

    `caller` is the number that rings us (E.164), `by` who took a call of ours, where that is known by now; `keys` and
    `speech` are what they pressed or said since they were last asked.
    """

    caller: str = ""
    sid: str = ""
    by: By = ""
    keys: str = ""
    speech: str = ""
