"""Where a source is told, and the secret by which it knows that it was us."""

from __future__ import annotations

import base64
import ipaddress
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tortoise.transactions import in_transaction

from outreach.errors import BadInput
from outreach.models import Notice, Source
from outreach.models.moves import move_all
from outreach.models.states import NoticeChannel, SendStatus

SECRET_BYTES = 32
LONGEST_URL = 500
SECRETS = ("webhook_secret", "webhook_secret_before", "webhook_secret_before_until")


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
    address, source = checked_address(url), await _source(code)
    if keep_secret and not source.webhook_secret:
        raise BadInput(f"The source {code} has no secret yet; leave out --keep-secret, and one is made.")
    source.webhook_url = address
    if not keep_secret or not source.webhook_secret:
        # Another address with another secret: what is told there is signed by that one alone.
        source.webhook_secret = new_secret()
        await _forget_before(source)
    await source.save(update_fields=["webhook_url", "webhook_secret"])
    return source.webhook_secret


async def clear_webhook(code: str) -> int:
    """Tell the source with this code nothing more; answers how many news that waited for it are not sent.

    They stay in its feed, and so does its secret, for an address that is set later. Raises BadInput for an unknown
    source, or one that has no address.
    """
    source = await _source(code)
    if not source.webhook_url:
        raise BadInput(f"The source {code} has no address.")
    async with in_transaction():
        await Source.filter(id=source.id).update(webhook_url=None)
        waiting = Notice.filter(source_id=source.id, channel=NoticeChannel.WEBHOOK, status=SendStatus.QUEUED)
        ids = [row.id for row in await waiting.only("id")]
        return await move_all(Notice, ids, SendStatus.CANCELLED)


async def rotate_secret(code: str, now: datetime, overlap: timedelta) -> str:
    """Give the source with this code a new secret, and answer it; the one before signs too for as long as `overlap`.

    Raises BadInput for an unknown source, one that has no secret, or one whose last change is not over yet: it may
    still know only the older of the two.
    """
    source = await _source(code)
    if not source.webhook_secret:
        raise BadInput(f"The source {code} has no secret yet; `outreach source webhook` makes one.")
    until = source.webhook_secret_before_until
    if until is not None and until > now:
        raise BadInput(
            f"The source {code} is changing its secret until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC; "
            f"`outreach webhooks rotate {code} --end` ends that first."
        )
    source.webhook_secret_before, source.webhook_secret_before_until = source.webhook_secret, now + overlap
    source.webhook_secret = new_secret()
    await source.save(update_fields=SECRETS)
    return source.webhook_secret


async def end_rotation(code: str) -> None:
    """Sign with the newest secret alone from now on; raises BadInput for an unknown source, or where no other signs."""
    source = await _source(code)
    if source.webhook_secret_before is None:
        raise BadInput(f"The source {code} has one secret, and is not changing it.")
    await _forget_before(source)


def secrets_of(source: Source, now: datetime) -> list[str]:
    """The secrets that sign what this source is told now, the newest first; none where it has none."""
    until, found = source.webhook_secret_before_until, [source.webhook_secret]
    if until is not None and until > now:
        found.append(source.webhook_secret_before)
    return [secret for secret in found if secret]


async def _forget_before(source: Source) -> None:
    await Source.filter(id=source.id).update(webhook_secret_before=None, webhook_secret_before_until=None)


async def _source(code: str) -> Source:
    source = await Source.get_or_none(code=code)
    if source is None:
        raise BadInput(f"There is no source {code}; `outreach source add` makes one.")
    return source


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
