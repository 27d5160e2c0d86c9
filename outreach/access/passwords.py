"""Passwords, and the six digits of an authenticator; how long a refusal takes tells nothing."""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from typing import TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from outreach.models.sealing import derived_key

MEMORY_KIB, ROUNDS, LANES = 19_456, 2, 1
"""What OWASP's cheat sheet on storing passwords asks of Argon2id at least."""
SALT_BYTES, HASH_BYTES = 16, 32
STEP_S, DIGITS = 30, 6
DRIFT = (0, -1, 1)
"""Steps by which an authenticator's clock may be wrong."""
SECRET_BYTES = 20
T = TypeVar("T")
_two_at_once = ThreadPoolExecutor(2, "passwords")


async def hash_of_password(password: str) -> str:
    """The password as it is kept: Argon2id, in PHC's form."""
    return await _hasher(_hashed, password)


async def fits(kept: str | None, password: str) -> bool:
    """Whether this is the password kept; with none kept it takes as long to say no."""
    nobodys = await _hasher(_nobodys)
    return await _hasher(_verified, kept or nobodys, password) and kept is not None


def new_secret(purpose: str) -> str:
    """The secret of an authenticator (base32), made from the keys, so that it is kept nowhere until it is taken."""
    return base64.b32encode(derived_key(f"authenticator {purpose}")[:SECRET_BYTES]).decode()


def step_of(secret: str, digits: str, now: datetime) -> int | None:
    """Which 30 seconds these six digits belong to, now or just before or after; None where they do not fit."""
    at = int(now.timestamp()) // STEP_S
    made = {at + drift: _totp(secret).generate((at + drift) * STEP_S) for drift in DRIFT}
    return next((step for step, code in made.items() if hmac.compare_digest(code, digits.encode())), None)


def authenticator_uri(secret: str, whose: str, service: str) -> str:
    """What an authenticator reads off a QR code (`otpauth:`)."""
    return _totp(secret).get_provisioning_uri(whose, service)


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every authenticator knows; nothing here rests on collisions.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_S)  # noqa: S303


async def _hasher(work: Callable[..., T], *given: str) -> T:
    # Apart from the loop, which has warnings to take in; two at once, so that guessing takes no more memory than that.
    return await asyncio.get_running_loop().run_in_executor(_two_at_once, work, *given)


def _hashed(password: str) -> str:
    argon = Argon2id(
        salt=os.urandom(SALT_BYTES), length=HASH_BYTES, iterations=ROUNDS, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return argon.derive_phc_encoded(_plain(password))


def _verified(kept: str, password: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_plain(password), kept)
    except InvalidKey:
        return False
    return True


@cache
def _nobodys() -> str:
    return _hashed(base64.b64encode(os.urandom(HASH_BYTES)).decode())


def _plain(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode()
