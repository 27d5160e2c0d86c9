"""How fast Twilio lets a sender send, by its kind, from `senders.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from outreach.messaging.messenger import Kind

TOLL_FREE = re.compile(r"\+18(00|33|44|55|66|77|88)\d{7}")


def usual_pace(sender: str) -> Mapping[Kind, float]:
    """Segments and calls a second for a sender: a number (E.164), a short code, a name, or a service (texts free)."""
    told = _told()
    calls: dict[Kind, float] = {"voice": float(told["calls"])}
    kind = _kind_of(sender)
    return calls if kind is None else {**calls, "sms": float(told["texts"][kind])}


def _kind_of(sender: str) -> str | None:
    if not sender or sender.startswith("MG"):
        return None
    if TOLL_FREE.fullmatch(sender):
        return "toll_free"
    if sender.startswith("+"):
        return "north_american" if sender.startswith("+1") else "number"
    return "short_code" if sender.isdigit() else "name"


@cache
def _told() -> dict[str, Any]:
    text = files("outreach.messaging.twilio").joinpath("senders.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))
