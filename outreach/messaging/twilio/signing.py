"""Twilio's signature: checked on what it calls back, and made by the stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


def check_signature(token: str, url: str, params: Any, signature: str | None) -> bool:
    """Whether Twilio signed this callback: `url` is the public one, `params` the form as it came (or a JSON body)."""
    if not token or not signature:
        # Without a token of our own anybody could sign.
        return False
    form = params if not isinstance(params, Mapping) or hasattr(params, "getlist") else dict(params)
    return bool(RequestValidator(token).validate(url, form, signature))


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """The signature Twilio would send with `form` to `url`."""
    return str(RequestValidator(token).compute_signature(url, dict(form)))
