"""A push beside the text about an offer: that there is one, encrypted for one browser, and nothing else."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPusher
from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.models import Notice, Offer, PushSubscription
from outreach.models.moves import move
from outreach.models.sealing import derived_key
from outreach.models.states import OfferStatus, SendStatus
from outreach.settings import Settings

ANSWER_WITHIN_S = 10.0
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TOKEN_LASTS = timedelta(hours=12)
MOST_TRIES = 3
PAUSE = timedelta(seconds=5)
GONE = (404, 410)


def signing_key() -> ec.EllipticCurvePrivateKey:
    """The key by which push services know us (VAPID), made from the installation's own."""
    secret = int.from_bytes(derived_key("vapid")) % (ORDER_OF_P256 - 1) + 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def public_key() -> str:
    """What a browser is given to subscribe with, in base64url."""
    point = signing_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    text: str = b64urlencode(point)
    return text


async def push(row: Notice, client: httpx2.AsyncClient, settings: Settings, now: datetime) -> None:
    """Push one claimed notice to every browser of its responder, and write down what became of it.

    A push that fails changes nothing for the offer: the text is what is counted on.
    """
    offer = await Offer.get_or_none(id=row.offer_id)
    phones = await PushSubscription.filter(responder_id=row.responder_id) if row.responder_id else []
    if offer is None or not phones or (row.kind == "offer" and offer.status is not OfferStatus.OFFERED):
        await delivery.store_failed(Notice, row.id, "nobody", now)
        return
    statuses = await asyncio.gather(*(_post(phone, row, offer, client, settings, now) for phone in phones))
    gone = [phone.id for phone, status in zip(phones, statuses, strict=True) if status in GONE]
    if gone:
        await PushSubscription.filter(id__in=gone).delete()
    await _settle(row, offer, statuses, now)


async def _settle(row: Notice, offer: Offer, statuses: list[int], now: datetime) -> None:
    if any(200 <= status < 300 for status in statuses):
        async with in_transaction():
            await move(Notice, row.id, SendStatus.SENT, sent_at=now)
            await Offer.filter(id=offer.id, sent_at__isnull=True).update(sent_at=now)
    elif row.tries < MOST_TRIES and any(status in (0, 429) or status >= 500 for status in statuses):
        await move(Notice, row.id, SendStatus.QUEUED, send_after=now + PAUSE)
    else:
        await delivery.store_failed(Notice, row.id, f"http_{statuses[0]}" if statuses[0] else "no_answer", now)


async def _post(
    phone: PushSubscription, row: Notice, offer: Offer, client: httpx2.AsyncClient, settings: Settings, now: datetime
) -> int:
    """The status that this push service answered; 0: none within time."""
    ttl = max(int((offer.lapses_at - now).total_seconds()), 0) if row.kind == "offer" else 3600
    headers = {
        **_signed(phone.endpoint, settings, now),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(ttl),
        "urgency": "high",
    }
    body = _sealed(phone, {"kind": row.kind, "offer_id": str(offer.id)})
    asking = client.stream("POST", phone.endpoint, content=body, headers=headers, follow_redirects=False)
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S), asking as answer:
            return answer.status_code
    except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL):
        return 0


def _sealed(phone: PushSubscription, said: dict[str, str]) -> bytes:
    keys = {"p256dh": phone.p256dh, "auth": phone.auth}
    pusher = WebPusher({"endpoint": phone.endpoint, "keys": keys})
    body: bytes = pusher.encode(json.dumps(said).encode(), "aes128gcm")["body"]
    return body


def _signed(endpoint: str, settings: Settings, now: datetime) -> dict[str, str]:
    to = urlsplit(endpoint)
    claims = {
        "aud": f"{to.scheme}://{to.netloc}",
        "exp": int((now + TOKEN_LASTS).timestamp()),
        "sub": settings.public_url,
    }
    # Its own check takes no http address of ours, which a rehearsal has.
    signed: dict[str, str] = Vapid02(signing_key(), {"no-strict": True}).sign(claims)
    return signed
