"""The table of routes: each declared once, with who may call it, what it answers and what it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import BaseModel
from starlette.responses import Response

from outreach.errors import (
    BadInput,
    Forged,
    NotFound,
    NotFromTheApp,
    NotJSON,
    NoTokenGiven,
    NotYours,
    Refusal,
    StaleVersion,
    TokenRefused,
    TooLarge,
    VersionNeeded,
)
from outreach.messaging.inbound import Inbound
from outreach.models.states import ROLES, TokenKind
from outreach.web.asking import Ask

Handler = Callable[[Ask], Awaitable[Response]]
SOURCE, RESPONDER, COORDINATOR = TokenKind.SOURCE, TokenKind.RESPONDER, TokenKind.COORDINATOR
HOTLINE, CHIEF, ADMIN = TokenKind.HOTLINE, TokenKind.CHIEF, TokenKind.ADMIN
READING = (COORDINATOR, CHIEF, ADMIN)
"""Who sees the cases and reports of an area."""
DECIDING = (COORDINATOR, ADMIN)
"""Who changes anything in them."""
BY_COOKIE = (RESPONDER, *ROLES)
"""Who may be signed in by a cookie, and so sends the session's word beside it."""


class Also(NamedTuple):
    """Another status that a route answers with: what that says, and the shape of its JSON."""

    status: int
    says: str
    shape: Any


@dataclass(frozen=True)
class Route:
    """One method of one path. `kinds` may call it, nobody named: open to all; `says` describes its answer.

    `reads` is the form of its body, `answers` the status it answers with, `asks` its query fields and headers by name.
    `shape` is its JSON as `web/answers` has it; `refuses` what it refuses beyond what follows from the rest.
    `signed`: the provider that calls it, and signs. `takes_many`: a list of up to so many such bodies is taken too.
    """

    method: str
    path: str
    handler: Handler
    kinds: tuple[TokenKind, ...]
    says: str
    reads: type[BaseModel] | None = None
    answers: int = 200
    gives: str = "application/json"
    asks: dict[str, str] = field(default_factory=dict)
    needs_version: bool = False
    gives_version: bool = False
    signed: Inbound | None = None
    takes_many: int = 0
    shape: Any = None
    also: tuple[Also, ...] = ()
    refuses: tuple[type[Refusal], ...] = ()


class Called(NamedTuple):
    """What a provider calls back, under `/NAME/` and this path; the rest as in a Route."""

    path: str
    handler: Handler
    says: str
    answers: int = 200
    asks: Mapping[str, str] = {}

    def route(self, name: str, inbound: Inbound) -> Route:
        """Its route for the provider of this name."""
        told = {"answers": self.answers, "gives": inbound.writes, "asks": dict(self.asks), "signed": inbound}
        return Route("POST", f"/{name}/{self.path}", self.handler, (), self.says, **told)  # type: ignore[arg-type]


def takes_cookie(route: Route) -> bool:
    """Whether somebody signed in by a cookie may call it."""
    return any(kind in BY_COOKIE for kind in route.kinds)


def refusals_of(route: Route) -> dict[int, list[type[Refusal]]]:
    """Everything this route refuses, by status."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in dict.fromkeys((*_following_from(route), *route.refuses)):
        by_status.setdefault(refusal.status, []).append(refusal)
    return dict(sorted(by_status.items()))


def _following_from(route: Route) -> list[type[Refusal]]:
    # A NUL in the query is refused on every path.
    found: list[type[Refusal]] = [BadInput]
    if route.kinds:
        found += [NoTokenGiven, TokenRefused, NotYours]
    if takes_cookie(route) and route.method != "GET":
        found += [NotFromTheApp]
    if route.signed:
        found += [Forged, TooLarge]
    if route.reads is not None:
        found += [NotJSON, TooLarge]
    if "{id}" in route.path:
        found += [NotFound]
    if route.needs_version:
        found += [VersionNeeded, StaleVersion]
    return found
