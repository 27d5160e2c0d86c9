"""What Pigeon Post calls back: JSON under an HMAC of the moment, the address and the body."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, TypeVar

from outreach.errors import BadInput
from outreach.messaging.facts import Call, Report, Text, Wish
from outreach.messaging.inbound import Came
from outreach.messaging.speaking import Dial, Gather, HangUp, Say, Spoken, Step
from outreach_pigeon.words import TAKERS, read

F = TypeVar("F", Report, Text, Call)
FRESH_S = 300
WISHES: dict[str, Wish] = {"leave_me": "stop", "write_again": "start", "sos": "help"}


class PigeonInbound:
    """Reads its JSON, and writes the steps of a call as its own."""

    signature, reads, writes, nothing = "Pigeon-Signature", "application/json", "application/json", "{}"

    def __init__(self, key: str, number: str) -> None:
        self._key, self.numbers = key.encode(), frozenset({number})

    def is_genuine(self, came: Came) -> bool:
        """Whether it signed this body, for this address, at most five minutes ago."""
        moment, _, given = came.headers.get("pigeon-signature", "").partition(".")
        if not (moment.isascii() and moment.isdigit() and abs(came.at.timestamp() - int(moment[:12])) <= FRESH_S):
            return False
        signed = f"{moment}\n{came.url}\n".encode() + came.body
        return hmac.compare_digest(hmac.new(self._key, signed, hashlib.sha256).hexdigest().encode(), given.encode())

    def report(self, came: Came) -> Report:
        """What became of a letter or ring."""
        return _read(came, read)

    def text(self, came: Came) -> Text:
        """A letter that came in."""
        return _read(came, _text)

    def call(self, came: Came) -> Call:
        """Who rings or was rung, and what they pressed or said."""
        return _read(came, _call)

    def document(self, spoken: Spoken) -> str:
        """The steps of a call."""
        return json.dumps([{"tongue": spoken.language} | _step(step) for step in spoken.steps], ensure_ascii=False)


def _read(came: Came, reading: Callable[[dict[str, Any]], F]) -> F:
    try:
        return reading(json.loads(came.body))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        raise BadInput() from None


def _text(said: dict[str, Any]) -> Text:
    return Text(str(said["roof"]), str(said["words"]), str(said["ref"]), WISHES.get(said.get("wish") or "", ""))


def _call(said: dict[str, Any]) -> Call:
    by, heard = TAKERS.get(said.get("taken_by") or "", ""), (said.get("pecked") or "", said.get("cooed") or "")
    return Call(str(said["roof"]), str(said["ref"]), by, *map(str, heard))


def _step(step: Step) -> dict[str, Any]:
    match step:
        case Say(words):
            return {"do": "coo", "words": words}
        case Gather(words, keys, url, tell_silence):
            return {"do": "wait", "words": words, "pecks": keys, "ask": url, "tell_silence": tell_silence}
        case Dial(number):
            return {"do": "fly_on", "roof": number}
        case HangUp():
            return {"do": "leave"}
