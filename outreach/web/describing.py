"""The API described from its own table: OpenAPI 3.1, and a plain page of the same."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from outreach import __version__
from outreach.web.asking import Ask
from outreach.web.problems import MEDIA_TYPE
from outreach.web.table import Route

REFS = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
STYLE = "body{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{white-space:nowrap}"


def openapi_of(routes: Iterable[Route], service: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes."""
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    bearer = {"type": "http", "scheme": "bearer"}
    signature = {"type": "apiKey", "in": "header", "name": "X-Twilio-Signature"}
    return {
        "openapi": "3.1.0",
        "info": {"title": service, "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": bearer, "signature": signature}},
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": _name(route),
        "summary": (route.handler.__doc__ or "").strip(),
        "parameters": _parameters(route),
        "responses": {
            str(route.answers): {"description": route.says} | _content(route),
            "default": {"description": "Refused by name.", "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}},
        },
        "security": _security(route),
    }
    if route.kinds:
        said["x-token-kinds"] = [kind.value for kind in route.kinds]
    body = _body(route, schemas)
    return said | ({"requestBody": body} if body else {})


def _name(route: Route) -> str:
    """The path's words, which are unique: two rooms may well call their handlers alike."""
    words = [part.strip("{}") for part in route.path.strip("/").replace(".", "-").split("/")]
    return "-".join([route.method.lower(), *words])


def _ref(model: str) -> dict[str, str]:
    return {"$ref": REFS.format(model=model)}


def _content(route: Route) -> dict[str, Any]:
    return {} if route.answers == 204 else {"content": {media: {} for media in route.gives.split(", ")}}


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.kinds:
        return [{"token": []}]
    return [{"signature": []}] if route.signed else []


def _parameters(route: Route) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found: list[dict[str, Any]] = []
    if "{id}" in route.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": {**text, "format": "uuid"}})
    if route.needs_version:
        read = "The ETag that was read; 428 without it, 412 when it is stale."
        found.append({"name": "If-Match", "in": "header", "required": True, "description": read, "schema": text})
    for name, says in route.asks.items():
        place = "query" if route.method == "GET" else "header"
        found.append({"name": name, "in": place, "required": place == "header", "description": says, "schema": text})
    return found


def _body(route: Route, schemas: dict[str, Any]) -> dict[str, Any] | None:
    if route.signed:
        return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}
    if route.reads is None:
        return None
    schema = route.reads.model_json_schema(ref_template=REFS)
    schemas.update(schema.pop("$defs", {}))
    schemas[route.reads.__name__] = schema
    asked: dict[str, Any] = _ref(route.reads.__name__)
    if route.takes_many:
        asked = {"oneOf": [asked, {"type": "array", "items": asked, "maxItems": route.takes_many}]}
    return {"required": True, "content": {"application/json": {"schema": asked}}}


def page_of(document: dict[str, Any]) -> str:
    """The document as a page that needs nothing from elsewhere."""
    title = escape(document["info"]["title"])
    rows = [
        _entry(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    lead = '<p>The same for machines: <a href="/openapi.json">/openapi.json</a>.</p>'
    return f"{head}<h1>{title}</h1>{lead}{''.join(rows)}</html>"


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    who = ", ".join(operation.get("x-token-kinds", [])) or ("the provider" if operation["security"] else "anybody")
    answers = "".join(
        f"<li>{escape(code)}: {escape(said['description'])}</li>" for code, said in operation["responses"].items()
    )
    asked = "".join(
        f"<li><code>{escape(p['name'])}</code> ({p['in']}): {escape(p.get('description', ''))}</li>"
        for p in operation["parameters"]
    )
    heading = f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    return f"{heading}<p>{escape(operation['summary'])} For: {who}.</p><ul>{asked}{answers}</ul>"


async def openapi(ask: Ask) -> Response:
    """This API as OpenAPI 3.1."""
    return JSONResponse(ask.request.app.state.openapi)


async def docs(ask: Ask) -> Response:
    """This API as a page to read."""
    return HTMLResponse(page_of(ask.request.app.state.openapi))


ROUTES = (
    Route("GET", "/openapi.json", openapi, (), "The OpenAPI 3.1 document."),
    Route("GET", "/docs", docs, (), "A page.", gives="text/html"),
)
