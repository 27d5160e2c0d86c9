"""The edge: every request passes here once, for its database, its time, its caller, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.context import TortoiseContext, _current_context

from outreach.access import require
from outreach.errors import BadInput, FieldFault, Forged, MethodNotAllowed, NotFound, Refusal
from outreach.web import tracing
from outreach.web.asking import Ask
from outreach.web.knowing import come_from, keep_signed_in, recognise
from outreach.web.parts import Parts
from outreach.web.problems import broken, problem
from outreach.web.table import Route

log = structlog.get_logger(__name__)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@contextmanager
def database_of(context: TortoiseContext | None) -> Iterator[None]:
    """Use this database within; entering the context itself would keep one token for all requests under way."""
    if context is None:
        yield
        return
    token = _current_context.set(context)
    try:
        yield
    finally:
        _current_context.reset(token)


class PathEndpoint:
    """All the methods of one path."""

    def __init__(self, parts: Parts, routes: Sequence[Route]) -> None:
        self.parts, self.path = parts, routes[0].path
        self.about = tracing.name_in(self.path)
        self.by_method = {route.method: route for route in routes}
        allowed = set(self.by_method) | ({"HEAD"} if "GET" in self.by_method else set())
        self.allow = ", ".join(sorted(allowed))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        route = self.by_method.get("GET" if request.method == "HEAD" else request.method)
        tracing.bind_id(self.about, request.path_params.get("id"))
        if route is None:
            return refused(MethodNotAllowed(), request, {"Allow": self.allow})
        ask = Ask(request, self.parts, self.parts.clock.now(), inbound=route.signed)
        let_in = False
        try:
            if route.kinds:
                await recognise(ask)
                require(ask.caller, *route.kinds)
            refuse_nul(request)
            if route.signed:
                await refuse_forged(ask)
            let_in = True
            answer = await route.handler(ask)
            await keep_signed_in(ask, answer)
            if ask.asker is not None:
                # A browser or proxy that kept it would show it to the next who sits there.
                answer.headers.setdefault("Cache-Control", "no-store")
            return answer
        except Refusal as no:
            if let_in:
                await tracing.find_outreach(ask)
            return refused(no, request)
        except Exception:
            await tracing.find_outreach(ask)
            raise


def refused(no: Refusal, request: Request, headers: dict[str, str] | None = None) -> Response:
    """The answer to a refused request, which is logged by its name alone."""
    log.info("request_refused", refusal=no.code, status=no.status, **asked(request.scope))
    return problem(no, headers)


def asked(scope: Scope) -> dict[str, str | None]:
    """Method and template of a request, for the log; the path itself and its query could hold anything."""
    method = scope["method"]
    return {
        "method": method if method in METHODS else None,
        "route": getattr(scope.get("endpoint"), "path", None),
    }


def refuse_nul(request: Request) -> None:
    """Raises BadInput for a NUL in the query: PostgreSQL takes no text that holds one."""
    faults = [FieldFault("query", "holds a NUL") for value in request.query_params.values() if "\0" in value]
    if faults:
        raise BadInput(faults=tuple(faults))


async def refuse_forged(ask: Ask) -> None:
    """Raises Forged unless the provider signed this request, as it came to the public address."""
    if not ask.provider.is_genuine(await ask.came()):
        raise Forged()


class Edge:
    """Around all routes: the database's context, an id for the request, and no failure's text ever leaves."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self.app, self.parts = app, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a failure is logged by its kind and place, and answered 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        come_from(scope, self.parts.settings.client_address_header)
        request_id, begun = tracing.begin(), False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            with database_of(self.parts.context):
                await self.app(scope, receive, sending)
        except Exception as failure:
            log.error("request_failed", error=type(failure).__name__, **asked(scope), exc_info=failure)
            if begun:
                raise
            await broken(request_id)(scope, receive, sending)
        finally:
            tracing.end()


async def not_found(request: Request, failure: Exception) -> Response:
    """Starlette's own 404 and 405 in our words."""
    status = failure.status_code if isinstance(failure, HTTPException) else 404
    return refused(MethodNotAllowed() if status == 405 else NotFound(), request)
