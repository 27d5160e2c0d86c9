"""Where a source is told, and the secret by which it knows that it was us."""

from __future__ import annotations

import base64
import ipaddress
import secrets
from urllib.parse import urlsplit

from outreach.errors import BadInput
from outreach.models import Source

SECRET_BYTES = 32
LONGEST_URL = 500


def checked_address(url: str) -> str:
    """`url` as it came; raises BadInput for one that news may not go to: https, except to this machine itself."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput("This is no address of a webhook.") from None
    if not host or parts.scheme not in ("https", "http") or len(url) > LONGEST_URL or not url.isprintable():
        raise BadInput(f"The address of a webhook is https://…, of at most {LONGEST_URL} characters.")
    if parts.username is not None or parts.fragment or " " in url:
        raise BadInput("The address of a webhook holds no user, password, blank or #: the signature says who sends.")
    if parts.scheme == "http" and not _here(host):
        raise BadInput("The address of a webhook begins with https://; http:// is for this machine alone (localhost).")
    return url


async def set_webhook(code: str, url: str, *, keep_secret: bool = False) -> str:
    """Tell the source with this code at `url` from now on; answers its secret, a new one unless the old one is kept.

    Raises BadInput for an unknown source, an address that may not be used, or a secret to keep where there is none.
    """
    address, source = checked_address(url), await Source.get_or_none(code=code)
    if source is None:
        raise BadInput(f"There is no source {code}; `outreach source add` makes one.")
    if keep_secret and not source.webhook_secret:
        raise BadInput(f"The source {code} has no secret yet; leave out --keep-secret, and one is made.")
    source.webhook_url = address
    if not keep_secret or not source.webhook_secret:
        source.webhook_secret = new_secret()
    await source.save(update_fields=["webhook_url", "webhook_secret"])
    return source.webhook_secret


def new_secret() -> str:
    """A fresh secret as Standard Webhooks writes it: `whsec_`, then 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
