"""Every answer that a test sees is held against the API's own description: its status, media type, headers and body."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator, FormatChecker

from outreach.settings import Settings
from outreach.web import routes_of
from outreach.web.describing import openapi_of

ROUTES = routes_of(Settings())

DOCUMENT = openapi_of(ROUTES, "Outreach")
PATHS = {re.compile(re.sub(r"\{id\}", "[^/]+", path)): path for path in DOCUMENT["paths"]}
FORMATS = FormatChecker(["uuid"])
BESIDE = {404: "NotFound", 405: "MethodNotAllowed"}
"""What is answered beside the routes: an address that is none, a method that it does not have."""

Seen = tuple[str, str, int]


@FORMATS.checks("date-time", raises=ValueError)
def _is_a_time(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


async def hold_to_the_description(answer: httpx2.Response) -> Seen | None:
    """Fails unless `answer` is one that the description lists; says which (method, path, status), None beside them."""
    await answer.aread()
    path = next((path for pattern, path in PATHS.items() if pattern.fullmatch(answer.request.url.path)), None)
    method = "GET" if answer.request.method == "HEAD" else answer.request.method
    if path is None or method.lower() not in DOCUMENT["paths"][path]:
        _hold_beside(answer, 404 if path is None else 405)
        return None
    listed = DOCUMENT["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in listed, f"{method} {path}: {answer.status_code} is not listed: {answer.text}"
    said = listed[str(answer.status_code)]
    assert not [name for name in said.get("headers", ()) if name not in answer.headers], f"{method} {path}"
    if answer.request.method != "HEAD":
        _hold_body(answer, method, path)
    return method, path, answer.status_code


def _hold_body(answer: httpx2.Response, method: str, path: str) -> None:
    content = content_of(method, path, answer.status_code)
    if not content:
        assert answer.content == b"", f"{method} {path}: a body is not listed"
        return
    media = answer.headers["content-type"].partition(";")[0]
    assert media in content, f"{method} {path}: {media} is not listed"
    body = answer.json() if media.endswith("json") else answer.text
    faults = validator_of(method, path, answer.status_code, media).iter_errors(body)
    assert not [f"{fault.json_path}: {fault.message}" for fault in faults], f"{method} {path}: {answer.text}"


def content_of(method: str, path: str, status: int) -> dict[str, Any]:
    """The bodies that this answer may have, by media type."""
    said = DOCUMENT["paths"][path][method.lower()]["responses"][str(status)]
    content: dict[str, Any] = said.get("content", {})
    return content


@cache
def validator_of(method: str, path: str, status: int, media: str) -> Draft202012Validator:
    """The judge of one body, with the shapes it refers to at hand."""
    described = content_of(method, path, status)[media]["schema"]
    schema = {"allOf": [described], "components": DOCUMENT["components"]}
    return Draft202012Validator(schema, format_checker=FORMATS)


def _hold_beside(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if answer.request.method == "HEAD":
        return
    problem = {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]}
    Draft202012Validator(problem).validate(answer.json())
    assert answer.json()["type"] == f"urn:outreach:{BESIDE[status]}"


def all_listed() -> set[Seen]:
    """Every answer that the description lists."""
    return {
        (method.upper(), path, int(status))
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }
