"""Keys and the two things done with them: sealing personal text, and hashing what must be found again."""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outreach.errors import MisSet

MARK = "sealed:"
NONCE_BYTES = 12


@dataclass(frozen=True)
class Keyring:
    """Sealing keys by id (the `current` one seals, all open) and the key of the search hashes."""

    current: str
    sealing: dict[str, bytes]
    hashing: bytes

    def to_json(self) -> str:
        """The keyring as the text kept in the keys file."""
        keys = {k: base64.b64encode(v).decode() for k, v in self.sealing.items()}
        return json.dumps(
            {"current": self.current, "sealing": keys, "hashing": base64.b64encode(self.hashing).decode()}
        )


_ring: list[Keyring] = []


def use_keys(ring: Keyring) -> None:
    """Seal and open with these keys from now on."""
    _ring[:] = [ring]


def new_keyring() -> Keyring:
    """Fresh random keys (AES-256, HMAC-SHA-256)."""
    return Keyring("k1", {"k1": secrets.token_bytes(32)}, secrets.token_bytes(32))


def keyring_from_json(text: str) -> Keyring:
    """The keyring in `text`; raises MisSet where it is not one."""
    try:
        kept = json.loads(text)
        sealing = {k: base64.b64decode(v) for k, v in kept["sealing"].items()}
        ring = Keyring(kept["current"], sealing, base64.b64decode(kept["hashing"]))
        AESGCM(ring.sealing[ring.current])
    except (ValueError, KeyError, TypeError) as wrong:
        raise MisSet(f"The sealing keys cannot be read ({type(wrong).__name__}): restore the keys file.") from None
    return ring


def load_keyring(file: Path, given: str | None = None) -> Keyring:
    """The keys given as text, else those in `file`, made there (mode 600) when there are none yet."""
    if given:
        return keyring_from_json(given)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return keyring_from_json(file.read_text())
    with os.fdopen(handle, "w") as out:
        ring = new_keyring()
        out.write(ring.to_json())
    return ring


def _keys() -> Keyring:
    if not _ring:
        raise MisSet("No sealing keys are loaded; connect to the database first.")
    return _ring[0]


def seal(plain: str, column: str) -> str:
    """`plain` encrypted (AES-256-GCM, NIST SP 800-38D), bound to `column`; an already sealed text stays as it is."""
    if plain.startswith(MARK):
        return plain
    ring, nonce = _keys(), secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(ring.sealing[ring.current]).encrypt(nonce, plain.encode(), column.encode())
    return f"{MARK}{ring.current}:{base64.b64encode(nonce + body).decode()}"


def open_sealed(text: str, column: str) -> str:
    """The plain text of a sealed one, a plain one unchanged; raises MisSet when no key at hand opens it."""
    if not text.startswith(MARK):
        return text
    key_id, _, packed = text[len(MARK) :].partition(":")
    key = _keys().sealing.get(key_id)
    if key is None:
        raise MisSet(f"Sealed with key {key_id}, which the keys file does not hold.")
    try:
        raw = base64.b64decode(packed, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], column.encode()).decode()
    except (InvalidTag, ValueError):
        raise MisSet("A sealed value was altered, moved, or sealed with other keys.") from None


def keyed_hash(text: str) -> str:
    """A keyed hash (HMAC-SHA-256, 32 hex digits) by which `text` is found again without being stored."""
    return hmac.new(_keys().hashing, text.encode(), sha256).hexdigest()[:32]


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, the same for as long as the keys are: a key that nobody has to keep."""
    return hmac.new(_keys().hashing, f"key for {purpose}".encode(), sha256).digest()


def name_hash(name: str) -> str:
    """The keyed hash of a name as people compare names: case, width and spaces do not count."""
    return keyed_hash("".join(unicodedata.normalize("NFKC", name).casefold().split()))
