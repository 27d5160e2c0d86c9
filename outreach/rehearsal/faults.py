"""What the stand-in can do wrong, and the refusals it gives."""

from __future__ import annotations

from typing import Literal

from starlette.responses import JSONResponse, Response

Fault = Literal[
    "busy",
    "no-answer",
    "voicemail",
    "failed",
    "canceled",
    "20003",
    "20429",
    "21211",
    "21408",
    "21610",
    "21611",
    "21614",
    "30003",
    "30005",
    "30006",
    "30007",
    "30008",
    "30034",
    "429",
    "500",
    "lost",
    "duplicate",
    "early",
    "reordered",
    "silent",
    "hang",
]
"""What goes wrong with the next send: a line or delivery failure (30…, `failed`, `canceled`), a refusal (2…, 429, 500),
`lost` (accepted, no answer given), and callbacks twice, before the answer, in the wrong order, or never; `hang` answers
nothing until `released` is set."""

REFUSED = {"429": (20429, 429), "500": (20500, 500), "20003": (20003, 401), "20429": (20429, 429)} | {
    code: (int(code), 400) for code in ("21211", "21408", "21610", "21611", "21614")
}
"""The code and HTTP status each refusal comes with."""


def refusal(code: int, status: int) -> Response:
    """The stand-in says no, with a code and an HTTP status."""
    return JSONResponse({"code": code, "message": "refused by the stand-in", "status": status}, status)
