"""The table of routes: each declared once, with who may call it and what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import BaseModel
from starlette.responses import Response

from outreach.models.states import TokenKind
from outreach.web.asking import Ask

Handler = Callable[[Ask], Awaitable[Response]]
SOURCE, RESPONDER, COORDINATOR = TokenKind.SOURCE, TokenKind.RESPONDER, TokenKind.COORDINATOR


@dataclass(frozen=True)
class Route:
    """One method of one path. `kinds` may call it, nobody named: open to all; `says` describes its answer.

    `reads` is the form of its body, `answers` the status it answers with, `asks` its query fields and headers by name.
    `signed`: the provider calls it, and signs. `takes_many`: a list of up to so many such bodies is taken too.
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
    signed: bool = False
    takes_many: int = 0
