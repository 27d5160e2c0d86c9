"""What people are told who get in, and the coordinator who invites a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from outreach.models.states import TokenKind
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.phones import Me

Role = Literal["coordinator", "chief", "hotline", "admin"]


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


class CoordinatorShown(Answer):
    """A coordinator as the board shows them; `area` is the path they are bound to (null: the whole city)."""

    id: UUID
    name: str
    role: Role
    area: str | None


class CoordinatorIn(Heeding):
    """Which coordinator is signed in; `csrf` goes into `X-CSRF-Token` of whatever writes."""

    coordinator: CoordinatorShown
    csrf: str


class LinkLooked(Heeding):
    """Whose link this is, and what their authenticator reads (`otpauth:`) should they set a password with it.

    `picture` is the same as a QR code, a `data:` URL.
    """

    name: str
    role: Role
    expires_at: datetime
    authenticator: str
    picture: str


class SessionShown(Answer):
    """Whose session this is: a responder's or a coordinator's; `csrf` is null where a token given out asked."""

    responder: Me | None
    coordinator: CoordinatorShown | None
    csrf: str | None
    service: Served


class SessionRow(Answer):
    """A live session or token; `way` is how it began (`token`: it was given out), `this` says that it asks."""

    id: UUID
    kind: TokenKind
    holder_id: UUID
    way: Literal["code", "password", "link", "token"]
    made_at: datetime
    expires_at: datetime | None
    this: bool


class Sessions(Answer):
    """Live sessions, newest first."""

    sessions: list[SessionRow]


class PushesSent(Heeding):
    """Pushes go to this browser."""

    subscribed: Literal[True]


class InviteMade(Answer):
    """The link for one responder, to be sent or shown as a QR code; usable until `expires_at`."""

    url: str
    expires_at: datetime
