"""Signing in by a one-time code; no answer tells whether a number is known."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import structlog
from tortoise.transactions import in_transaction

from outreach.access.invites import hash_of
from outreach.access.limits import count_try
from outreach.access.sessions import start_session
from outreach.errors import WrongCode
from outreach.models import Invite, Notice, Responder, SignInCode
from outreach.models.sealing import keyed_hash
from outreach.models.statements import fetch
from outreach.models.states import Audience, NoticeChannel

KIND = "sign_in"
DIGITS = 6
LASTS = timedelta(minutes=10)
FRESH = LASTS / 2
"""Until then a code that is asked for again is the same one; later a new one, so that there is time to type it."""
MOST_TEXTS = 3
"""Texts with one code."""
MOST_TRIES = 5
"""Codes that are compared with one that was sent."""
TAKE_A_TRY = """
    UPDATE sign_in_code SET tries = tries + 1
    WHERE number_hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3
    RETURNING id, responder_id, tries"""
"""Every code still good for this number, one try poorer: two at once cannot share a try."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Whom:
    """Whoever wants in: the hash they are counted under, and the responder where there is one."""

    number_hash: str
    responder_id: UUID | None


async def by_number(number_hash: str) -> Whom:
    """Whoever has this number."""
    known = await Responder.filter(number_hash=number_hash).only("id").first()
    return Whom(number_hash, known.id if known else None)


async def by_invite(code: str, now: datetime) -> Whom:
    """Whoever was invited with this code, counted under their number, so that an invitation buys no more tries."""
    live = Invite.filter(hash=hash_of(code), expires_at__gt=now)
    row = await live.first().values("responder_id", "responder__number_hash")
    return Whom(row["responder__number_hash"], row["responder_id"]) if row else Whom(hash_of(code), None)


async def ask_for_code(whom: Whom, address: str, now: datetime) -> None:
    """Send a code to this responder's phone; for nobody's number the same is written down and none is sent.

    A code that is fresh is sent again in place of a new one, MOST_TEXTS times: then they have it.
    Raises TooManyTries. Call it outside a transaction: the try is kept before it is counted.
    """
    await count_try("code", whom.number_hash, address, now)
    async with in_transaction():
        made = await _fresh(whom, now) or await SignInCode.create(
            responder_id=whom.responder_id, number_hash=whom.number_hash, made_at=now, expires_at=now + LASTS
        )
        texts = Notice.filter(kind=KIND, responder_id=whom.responder_id, queued_at__gte=made.made_at)
        if whom.responder_id is not None and await texts.count() < MOST_TEXTS:
            await Notice.create(
                audience=Audience.RESPONDER,
                channel=NoticeChannel.SMS,
                kind=KIND,
                responder_id=whom.responder_id,
                queued_at=now,
                send_after=now,
                urgent=True,
                data={"code_id": str(made.id), "expires_at": made.expires_at.isoformat()},
            )


async def sign_in(whom: Whom, code: str, address: str, now: datetime) -> str:
    """The token of a new session, for a code that was sent to this responder within the last ten minutes.

    Raises WrongCode or TooManyTries. Call it outside a transaction: a try counts even where it is refused.
    """
    await count_try("session", whom.number_hash, address, now)
    live = await fetch(TAKE_A_TRY, whom.number_hash, now, MOST_TRIES)
    for row in live:
        if _fits(row, code) and whom.responder_id is not None:
            return await _let_in(UUID(str(row["id"])), whom, now)
    # The code that has most tries left is the last one sent.
    left = max((MOST_TRIES - row["tries"] for row in live), default=0)
    log.info("sign_in_code_wrong", tries_left=left)
    raise WrongCode(left)


async def _fresh(whom: Whom, now: datetime) -> SignInCode | None:
    """The code that was made for them lately, unless it was used or guessed at too often."""
    made = SignInCode.filter(number_hash=whom.number_hash, responder_id=whom.responder_id, made_at__gt=now - FRESH)
    return await made.filter(used_at__isnull=True, tries__lt=MOST_TRIES).order_by("-made_at").first()


def code_of(code_id: UUID | str) -> str:
    """The six digits of a code, made from its id and the keys, so that they are kept nowhere."""
    return f"{int(keyed_hash(f'sign-in code:{code_id}'), 16) % 10**DIGITS:0{DIGITS}}"


def _fits(row: dict[str, Any], code: str) -> bool:
    return hmac.compare_digest(code_of(UUID(str(row["id"]))).encode(), code.encode())


async def _let_in(code_id: UUID, whom: Whom, now: datetime) -> str:
    async with in_transaction():
        if not await SignInCode.filter(id=code_id, used_at__isnull=True).update(used_at=now):
            raise WrongCode(0)
        # Whoever is in needs no other code that is still on its way.
        await SignInCode.filter(number_hash=whom.number_hash, used_at__isnull=True).update(used_at=now)
        token = await start_session(cast(UUID, whom.responder_id), now)
    log.info("signed_in", responder_id=str(whom.responder_id))
    return token
