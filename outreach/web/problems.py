"""Refusals as RFC 9457 problem details; nothing here repeats what the request said."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.responses import Response

from outreach.errors import MergedAlready, Refusal, StaleVersion, TooManyTries, WrongCode

MEDIA_TYPE = "application/problem+json"


def problem(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    """The answer to a request that was refused."""
    extra = {"WWW-Authenticate": "Bearer"} if refusal.status == HTTPStatus.UNAUTHORIZED else {}
    if isinstance(refusal, TooManyTries):
        extra["Retry-After"] = str(refusal.wait_s)
    return _answer(problem_body(refusal), refusal.status, extra | (headers or {}))


def problem_body(refusal: Refusal) -> dict[str, object]:
    """A refusal as a problem's JSON."""
    body: dict[str, object] = {
        "type": f"urn:outreach:{refusal.code}",
        "title": (type(refusal).__doc__ or refusal.code).strip(),
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if refusal.faults:
        body["errors"] = [{"field": fault.field, "reason": fault.reason} for fault in refusal.faults]
    if isinstance(refusal, WrongCode):
        body["tries_left"] = refusal.tries_left
    if isinstance(refusal, StaleVersion | MergedAlready):
        body["changes"] = list(refusal.changes)
    return body


def broken(request_id: str) -> Response:
    """The answer to a request on which we failed: only the id of its line in the log, for more might be personal."""
    said = {"type": "urn:outreach:Broken", "title": "Something broke on our side.", "status": 500}
    detail = "It was logged under this `request_id`; try again, and name it when you report this."
    return _answer({**said, "detail": detail, "request_id": request_id}, 500, {})


def _answer(body: dict[str, object], status: int, headers: dict[str, str]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, headers, MEDIA_TYPE)
