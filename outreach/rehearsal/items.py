"""The texts and calls that the stand-in holds, and what it says of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal


@dataclass
class Item:
    """One message or call the stand-in holds; `said` is what the callee heard, `keys` what they pressed.

    `amd` is told who took the call while its words are said; where it is empty, the callback is when it is over.
    """

    sid: str
    kind: Literal["sms", "voice"]
    to: str
    sender: str
    body: str
    url: str
    callback: str
    made_at: datetime
    status: str = "queued"
    error: str = ""
    fault: str = ""
    amd: str = ""
    told: int = 0
    said: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def words_for(item: Item) -> list[str]:
    """The words a fault has the provider say of it; none for a call that somebody takes as they like."""
    if item.fault in ("busy", "no-answer"):
        return ["ringing", item.fault]
    if item.fault in ("failed", "canceled"):
        # Given up before the network was asked: nothing was sent, and nothing rang.
        return [item.fault]
    if item.fault == "voicemail":
        return ["ringing", "in-progress"] if item.kind == "voice" else ["sent", "delivered"]
    if item.kind == "voice":
        return []
    if item.fault.startswith("30"):
        item.error = item.fault
        return ["sent", "undelivered"]
    return ["sent", "delivered"]


def callback(item: Item, word: str) -> dict[str, str]:
    """The form of a callback that says this word of it."""
    if item.kind == "sms":
        form = {"MessageSid": item.sid, "MessageStatus": word, "To": item.to, "From": item.sender}
        return form | ({"ErrorCode": item.error} if item.error and word == "undelivered" else {})
    form = {"CallSid": item.sid, "CallStatus": word, "To": item.to, "From": item.sender}
    form["SequenceNumber"] = str(item.told)
    item.told += 1
    if word == "completed" and not item.amd:
        form["AnsweredBy"] = who_answered(item)
    return form


def who_answered(item: Item) -> str:
    """Who took a call, in the provider's word."""
    return "machine_start" if item.fault == "voicemail" else "human"


def shown(item: Item) -> dict[str, Any]:
    """The JSON by which the provider shows it."""
    told: dict[str, Any] = {"sid": item.sid, "to": item.to, "from": item.sender, "status": item.status}
    made = format_datetime(item.made_at.astimezone(UTC))
    told |= {"date_created": made, "date_updated": made, "subresource_uris": {}}
    if item.kind == "voice" and item.status == "completed":
        told["answered_by"] = who_answered(item)
    return told | ({"body": item.body, "error_code": item.error or None} if item.kind == "sms" else {})
