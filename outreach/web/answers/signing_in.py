"""What a phone is told that gets in, and the coordinator who invites it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.phones import Me


class CodeAsked(Heeding):
    """A code was asked for."""

    sent: Literal[True]


class SessionStarted(Heeding):
    """Who is signed in; `csrf` goes into `X-CSRF-Token` of whatever writes, for as long as the session lasts."""

    responder: Me
    csrf: str


class Served(Answer):
    """The service: its name, the line that residents ring (null: none), its languages and the usual one of them.

    `push_key` is what a browser subscribes to pushes with (VAPID, base64url).
    """

    name: str
    official_line: str | None
    languages: list[str]
    language: str
    push_key: str


class SessionShown(Answer):
    """Whose session this is; `csrf` is null where a token of another kind asked."""

    responder: Me
    csrf: str | None
    service: Served


class PushesSent(Heeding):
    """Pushes go to this browser."""

    subscribed: Literal[True]


class InviteMade(Answer):
    """The link for one responder, to be sent or shown as a QR code; usable until `expires_at`."""

    url: str
    expires_at: datetime
