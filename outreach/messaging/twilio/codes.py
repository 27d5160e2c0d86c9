"""What Twilio's error codes mean to us, from `codes.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from outreach.messaging.facts import Fault


@cache
def _kinds() -> dict[str, Fault]:
    text = files("outreach.messaging.twilio").joinpath("codes.yaml").read_text(encoding="utf-8")
    told: dict[Fault, dict[int, str]] = yaml.safe_load(text)
    return {str(code): kind for kind, codes in told.items() for code in codes}


def fault_of(code: str, http_status: int = 400) -> Fault:
    """What an error code means; one that is not listed by its HTTP status: 401 and 403 ours, 429 later, else never."""
    by_status = {401: "ours", 403: "ours", 429: "later"}
    return _kinds().get(code) or cast(Fault, by_status.get(http_status, "never"))
