"""An authenticator as people have on their phones."""

from __future__ import annotations

import base64
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP


def digits_of(secret: str, now: datetime) -> str:
    """What it shows now."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(now.timestamp())).decode()


def secret_in(uri: str) -> str:
    """What it reads off a QR code."""
    return parse_qs(urlsplit(uri).query)["secret"][0]
