"""One request as a handler sees it: who asks, at what time, with what; and the answer it gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from structlog.contextvars import bind_contextvars

from outreach.access import Caller
from outreach.delivery import Said, told
from outreach.errors import BadInput, FieldFault, NotFound, NotJSON, NoTokenGiven, TooLarge
from outreach.messaging.facts import Call
from outreach.messaging.inbound import Came, Inbound, checked
from outreach.messaging.speaking import Spoken
from outreach.models.states import ROLES, TokenKind
from outreach.outcomes import Actor
from outreach.web.forms import F, ignored_in, is_possible, read_form
from outreach.web.parts import Parts

MOST_DIGITS = 19
"""A number longer than any we count to is refused unread: past some thousands of digits Python would not read it."""


@dataclass
class Ask:
    """One request; `now` was read once, and `asker` is None only where a route is open."""

    request: Request
    parts: Parts
    now: datetime
    asker: Caller | None = None
    inbound: Inbound | None = None
    """Who calls back, on a route that is signed."""
    session: str | None = None
    """The token in the cookie, where it was that which said who asks."""
    ignored: list[str] = field(default_factory=list)
    parsed: Any = None
    """The body as JSON, once it was read."""
    _read: bytes | None = None

    @property
    def caller(self) -> Caller:
        """Who asks; raises NoTokenGiven on an open route."""
        if self.asker is None:
            raise NoTokenGiven()
        return self.asker

    @property
    def token(self) -> str:
        """The token that said who asks; empty on an open route."""
        return self.session or bearer_of(self.request) or ""

    @property
    def actor(self) -> Actor:
        """Who asks, as the timeline names them: whatever their role, coordinators are coordinators."""
        kind = TokenKind.COORDINATOR if self.caller.kind in ROLES else self.caller.kind
        return Actor(kind.value, self.caller.id)

    @property
    def id(self) -> UUID:
        """The id in the path; raises NotFound where it is none."""
        try:
            return UUID(str(self.request.path_params["id"]))
        except ValueError:
            raise NotFound() from None

    async def body(self) -> bytes:
        """The body as it came; raises TooLarge past the limit, before the rest is read."""
        if self._read is None:
            self._read = await self._stream()
        return self._read

    async def _stream(self) -> bytes:
        limit, read = self.parts.settings.body_limit_bytes, bytearray()
        said = self.request.headers.get("content-length", "")
        if said.isascii() and said.isdigit() and (len(said) > MOST_DIGITS or int(said) > limit):
            raise TooLarge()
        async for part in self.request.stream():
            read += part
            if len(read) > limit:
                raise TooLarge()
        return bytes(read)

    async def json(self) -> Any:
        """The body as JSON; raises NotJSON or TooLarge."""
        try:
            self.parsed = _parsed((await self.body()).decode())
        except (ValueError, RecursionError):
            raise NotJSON() from None
        return self.parsed

    async def form(self, form: type[F]) -> F:
        """The body as this form; raises BadInput, NotJSON or TooLarge."""
        given = read_form(form, await self.json())
        self.ignored = ignored_in(given)
        return given

    async def came(self) -> Came:
        """The request as the provider sent it to the public address; raises TooLarge."""
        url, headers = self.request.url, self.request.headers
        public = self.parts.settings.public_url.rstrip("/") + url.path + (f"?{url.query}" if url.query else "")
        return Came(public, headers, await self.body(), self.now)

    @property
    def provider(self) -> Inbound:
        """Who calls back; only on a route that is signed."""
        assert self.inbound is not None
        return self.inbound

    async def report(self) -> Said:
        """What the provider says of a text or call of ours; raises BadInput."""
        return told(checked(self.provider.report(await self.came())), self.parts.settings.messenger)

    async def call(self) -> Call:
        """What the provider says of a call that is on; raises BadInput."""
        return checked(self.provider.call(await self.came()))

    def speak(self, spoken: Spoken) -> Response:
        """What is spoken, as the provider wants to be told."""
        return Response(self.provider.document(spoken), media_type=self.provider.writes)

    def query_time(self, name: str, default: datetime) -> datetime:
        """A time in the query (ISO 8601 with its zone); raises BadInput naming it."""
        given = self.request.query_params.get(name)
        if given is None:
            return default
        try:
            # A bare `+` in a query is a space by the time it is read.
            found = datetime.fromisoformat(given.replace(" ", "+"))
        except ValueError:
            found = None
        if found is None or not is_possible(found):
            raise BadInput(faults=(FieldFault(name, "write a time with its zone, as in 2026-11-24T12:00:00Z"),))
        return found

    def query_number(self, name: str, default: int, least: int = 0, most: int = 2**62) -> int:
        """A whole number in the query; raises BadInput naming it."""
        given = self.request.query_params.get(name, str(default))
        if not (given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS and least <= int(given) <= most):
            raise BadInput(faults=(FieldFault(name, f"write a whole number from {least} to {most}"),))
        return int(given)

    def query_id(self, name: str) -> UUID | None:
        """An id in the query, None where there is none; raises BadInput naming it."""
        given = self.request.query_params.get(name)
        try:
            return None if given is None else UUID(given)
        except ValueError:
            raise BadInput(faults=(FieldFault(name, "is no id"),)) from None

    def answer(self, body: Mapping[str, object], status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """`body` as JSON, with the fields that were ignored where there were any."""
        if body.get("outreach_id") is not None:
            bind_contextvars(outreach_id=str(body["outreach_id"]))
        said = {**body, "ignored": self.ignored} if self.ignored else body
        return JSONResponse(plain(said), status, headers)


def bearer_of(request: Request) -> str | None:
    """The token in the Authorization header, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _parsed(text: str) -> Any:
    found = json.loads(text, parse_constant=_refused)
    if "\\ud" in text.lower():
        # Half a character, which nothing that stores or answers text can write.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _refused(constant: str) -> None:
    raise ValueError("not a number of JSON's")


def plain(value: Any) -> Any:
    """`value` as what JSON can hold: ids and times as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value
