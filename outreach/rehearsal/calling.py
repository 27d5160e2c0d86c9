"""A callee at the stand-in: hears what the TwiML says and presses keys where it asks for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol
from xml.etree import ElementTree

import httpx2

Post = Callable[[str, dict[str, str]], Awaitable[httpx2.Response]]


class Heard(Protocol):
    """What the walk needs of a call, and where it writes down what was said and pressed."""

    sid: str
    to: str
    sender: str
    url: str
    said: list[str]
    keys: list[str]


async def told_apart_by_nobody() -> None:
    """Nobody wants to know who took the call."""


async def walk(call: Heard, keys: str, post: Post, taken: Callable[[], Awaitable[None]] = told_apart_by_nobody) -> None:
    """Go through a call from its first TwiML, pressing `keys` as each Gather asks, and nothing once they are used up.

    `taken` is done while the first words are said: that is when a provider knows who took the call.
    """
    url: str | None = call.url
    base = {"CallSid": call.sid, "CallStatus": "in-progress", "To": call.to, "From": call.sender}
    form, waiting = base, list(keys)
    while url:
        answer = await post(url, form)
        if form is base:
            await taken()
        if answer.status_code != 200:
            return
        asks = _listen(call, ElementTree.fromstring(answer.text), bool(waiting))  # noqa: S314 - our own markup
        url = asks.get("action") if asks is not None else None
        form = {**base, "Digits": ""}
        if asks is not None and waiting:
            count = int(asks.get("numDigits", "1"))
            call.keys.append("".join(waiting[:count]))
            del waiting[:count]
            form = {**base, "Digits": call.keys[-1]}


def _listen(call: Heard, twiml: ElementTree.Element, has_key: bool) -> ElementTree.Element | None:
    """Write down what is said; the Gather that is told what came of it, None where the call is over."""
    for verb in twiml:
        if verb.tag == "Say":
            call.said.append(verb.text or "")
        elif verb.tag == "Dial":
            call.said.append("(connected)")
        elif verb.tag == "Gather":
            call.said.extend(say.text or "" for say in verb.iter("Say"))
            if has_key or verb.get("actionOnEmptyResult") == "true":
                return verb
        elif verb.tag == "Hangup":
            return None
    return None
