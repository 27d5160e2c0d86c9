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


async def walk(call: Heard, keys: str, post: Post) -> None:
    """Go through a call from its first TwiML, pressing `keys` as each Gather asks; without a key left it runs on."""
    url: str | None = call.url
    form = {"CallSid": call.sid, "CallStatus": "in-progress", "AnsweredBy": "human", "To": call.to, "From": call.sender}
    waiting = list(keys)
    while url:
        answer = await post(url, form)
        if answer.status_code != 200:
            return
        asks = _listen(call, ElementTree.fromstring(answer.text), bool(waiting))  # noqa: S314 - our own markup
        url = asks.get("action") if asks is not None else None
        if asks is not None:
            count = int(asks.get("numDigits", "1"))
            call.keys.append("".join(waiting[:count]))
            del waiting[:count]
            form = {**form, "Digits": call.keys[-1]}


def _listen(call: Heard, twiml: ElementTree.Element, has_key: bool) -> ElementTree.Element | None:
    """Write down what is said; the Gather at which a key is pressed, None where the call is over."""
    for verb in twiml:
        if verb.tag == "Say":
            call.said.append(verb.text or "")
        elif verb.tag == "Dial":
            call.said.append("(connected)")
        elif verb.tag == "Gather":
            call.said.extend(say.text or "" for say in verb.iter("Say"))
            if has_key:
                return verb
        elif verb.tag == "Hangup":
            return None
    return None
