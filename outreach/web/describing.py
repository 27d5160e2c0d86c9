"""The API described from its own table: OpenAPI 3.1, and a plain page of the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from starlette.responses import HTMLResponse, JSONResponse, Response

from outreach import __version__
from outreach.errors import Refusal
from outreach.web.answers import BrokenProblem, Problem
from outreach.web.asking import Ask
from outreach.web.knowing import COOKIE, CSRF
from outreach.web.page import page_of
from outreach.web.problems import MEDIA_TYPE
from outreach.web.table import Route, refusals_of, takes_cookie

JSON = "application/json"
BROKEN = "Broken"
REFS = "#/components/schemas/{model}"
TEXT = {"type": "string"}
ETAG = {"description": "The version, for `If-Match`.", "required": True, "schema": TEXT}
CHALLENGE = {"description": "`Bearer`.", "required": True, "schema": TEXT}
WAIT = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer"}}
CARRIED = {401: {"WWW-Authenticate": CHALLENGE}, 429: {"Retry-After": WAIT}}
"""The headers that a refusal of this status carries."""
Shapes = dict[Any, dict[str, Any]]


class _Closed(GenerateJsonSchema):
    """Schemas without a title for every field, and figures that hold no field but their own."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        return super().dataclass_schema(schema) | {"additionalProperties": False}


def openapi_of(routes: Sequence[Route], service: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes."""
    shapes, schemas = _shapes_of(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, shapes)
    bearer = {"type": "http", "scheme": "bearer"}
    session = {"type": "apiKey", "in": "cookie", "name": COOKIE}
    schemes: dict[str, Any] = {"token": bearer, "session": session}
    for inbound in (route.signed for route in routes if route.signed):
        schemes["signature"] = {"type": "apiKey", "in": "header", "name": inbound.signature}
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def _shapes_of(routes: Sequence[Route]) -> tuple[Shapes, dict[str, Any]]:
    """The schema of every form and answer of these routes, and those that they refer to by name."""
    answered = (
        {also.shape for route in routes for also in route.also}
        | {route.shape for route in routes}
        | {Problem, BrokenProblem}
    )
    return _schemas_of(frozenset(answered), frozenset(route.reads for route in routes))


@cache
def _schemas_of(answered: frozenset[Any], read: frozenset[Any]) -> tuple[Shapes, dict[str, Any]]:
    # Kept: two hundred shapes take a fifth of a second, and every application of one process has the same.
    found, named = TypeAdapter.json_schemas(
        [*_adapters(answered, "serialization"), *_adapters(read, "validation")],
        ref_template=REFS,
        schema_generator=_Closed,
    )
    return {shape: schema for (shape, _), schema in found.items()}, named["$defs"]


def _adapters(shapes: frozenset[Any], mode: JsonSchemaMode) -> list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]]:
    # In the order of their names, so that the document is the same each time.
    return [(shape, mode, TypeAdapter(shape)) for shape in sorted(shapes - {None}, key=str)]


def _operation(route: Route, shapes: Shapes) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": _name(route),
        "summary": (route.handler.__doc__ or "").strip(),
        "parameters": _parameters(route),
        "responses": _responses(route, shapes),
        "security": _security(route),
    }
    if route.kinds:
        said["x-token-kinds"] = [kind.value for kind in route.kinds]
    body = _body(route, shapes)
    return said | ({"requestBody": body} if body else {})


def _name(route: Route) -> str:
    """The path's words, which are unique: two rooms may well call their handlers alike."""
    words = [part.strip("{}") for part in route.path.strip("/").replace(".", "-").split("/")]
    return "-".join([route.method.lower(), *words])


def _responses(route: Route, shapes: Shapes) -> dict[str, Any]:
    headers = {"headers": {"ETag": ETAG}} if route.gives_version else {}
    said = {route.answers: {"description": route.says} | headers | _content(route, shapes)}
    for also in route.also:
        content = {JSON: {"schema": shapes[also.shape]}}
        said[also.status] = {"description": also.says, "content": content}
    for status, refusals in refusals_of(route).items():
        said[status] = _refused(status, refusals, shapes)
    said[500] = {
        "description": f"{BROKEN}: Something broke on our side.",
        "content": _problem(500, [BROKEN], shapes[BrokenProblem]),
    }
    return {str(status): said[status] for status in sorted(said)}


def _content(route: Route, shapes: Shapes) -> dict[str, Any]:
    if route.answers == 204:
        return {}
    of = {media: TEXT if route.shape is None or media != JSON else shapes[route.shape] for media in _media(route)}
    return {"content": {media: {"schema": schema} for media, schema in of.items()}}


def _media(route: Route) -> list[str]:
    return route.gives.split(", ")


def _refused(status: int, refusals: Sequence[type[Refusal]], shapes: Shapes) -> dict[str, Any]:
    names = [refusal.__name__ for refusal in refusals]
    rules = "\n\n".join(f"{refusal.__name__}: {(refusal.__doc__ or '').strip()}" for refusal in refusals)
    headers = {"headers": CARRIED[status]} if status in CARRIED else {}
    return {"description": rules, **headers, "content": _problem(status, names, shapes[Problem])}


def _problem(status: int, names: Sequence[str], shape: dict[str, Any]) -> dict[str, Any]:
    one_of_these = {"type": {"enum": [f"urn:outreach:{name}" for name in names]}, "status": {"const": status}}
    return {MEDIA_TYPE: {"schema": {"allOf": [shape, {"properties": one_of_these}]}}}


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.kinds:
        session: list[dict[str, list[str]]] = [{"session": []}] if takes_cookie(route) else []
        return [{"token": []}, *session]
    return [{"signature": []}] if route.signed else []


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{id}" in route.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": {**TEXT, "format": "uuid"}})
    if route.needs_version:
        read = "The ETag that was read; 428 without it, 412 when it is stale."
        found.append({"name": "If-Match", "in": "header", "required": True, "description": read, "schema": TEXT})
    if takes_cookie(route) and route.method != "GET":
        csrf = "What the session gave as `csrf`; only a cookie needs it."
        found.append({"name": CSRF, "in": "header", "required": False, "description": csrf, "schema": TEXT})
    for name, says in route.asks.items():
        place = "query" if route.method == "GET" else "header"
        found.append({"name": name, "in": place, "required": place == "header", "description": says, "schema": TEXT})
    return found


def _body(route: Route, shapes: Shapes) -> dict[str, Any] | None:
    if route.signed:
        return {"required": True, "content": {route.signed.reads: {"schema": {"type": "object"}}}}
    if route.reads is None:
        return None
    asked: dict[str, Any] = shapes[route.reads]
    if route.takes_many:
        asked = {"oneOf": [asked, {"type": "array", "items": asked, "maxItems": route.takes_many}]}
    return {"required": True, "content": {JSON: {"schema": asked}}}


async def openapi(ask: Ask) -> Response:
    """This API as OpenAPI 3.1."""
    return JSONResponse(ask.request.app.state.openapi)


async def docs(ask: Ask) -> Response:
    """This API as a page to read."""
    return HTMLResponse(page_of(ask.request.app.state.openapi))


ROUTES = (
    Route("GET", "/openapi.json", openapi, (), "The OpenAPI 3.1 document.", shape=dict[str, Any]),
    Route("GET", "/docs", docs, (), "A page.", gives="text/html"),
)
