"""A signed-in phone says where its browser takes pushes; that ends when it signs out."""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from outreach.errors import BadInput, FieldFault
from outreach.models import PushSubscription
from outreach.models.sealing import keyed_hash

AUTH_BYTES = 16
LONGEST_ENDPOINT = 1000


@dataclass(frozen=True)
class Subscription:
    """What a browser gave: its address at the push service, its public key (P-256) and its secret, in base64url."""

    endpoint: str
    p256dh: str
    auth: str


def checked(given: Subscription, *, local: bool) -> Subscription:
    """The same; raises BadInput for keys that are none, or an address that no push service has.

    `local`: this installation is one machine's own, where http is taken too.
    """
    faults = []
    if not _is_address(given.endpoint, local):
        faults.append(FieldFault("endpoint", "is no https address of a push service"))
    if not _is_key(given.p256dh):
        faults.append(FieldFault("keys.p256dh", "is no public key of P-256"))
    if len(_bytes(given.auth)) != AUTH_BYTES:
        faults.append(FieldFault("keys.auth", f"is no secret of {AUTH_BYTES} bytes"))
    if faults:
        raise BadInput(faults=tuple(faults))
    return given


async def subscribe(responder_id: UUID, token: str, given: Subscription, now: datetime) -> None:
    """Push to this browser from now on, for as long as `token` lasts; whoever had it before gets no more."""
    said = {"p256dh": given.p256dh, "auth": given.auth, "token_hash": keyed_hash(token), "made_at": now}
    await PushSubscription.update_or_create(
        {"responder_id": responder_id, "endpoint": given.endpoint, **said}, endpoint_hash=keyed_hash(given.endpoint)
    )


async def unsubscribe(token: str) -> None:
    """Push no more to the browser that is signed in with this token."""
    await PushSubscription.filter(token_hash=keyed_hash(token)).delete()


async def unsubscribe_all(responder_id: UUID) -> None:
    """Push no more to any browser of this responder."""
    await PushSubscription.filter(responder_id=responder_id).delete()


def _is_address(url: str, local: bool) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_ENDPOINT
    if not (host and plain and parts.username is None):
        return False
    # A responder must not have us knock at the doors of our own network.
    named = "." in host and not host.endswith((".localhost", ".local", ".internal")) and not _is_ip(host)
    return (parts.scheme == "https" and named) or (local and parts.scheme in ("http", "https"))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_key(text: str) -> bool:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(text))
    except ValueError:
        return False
    return True


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
