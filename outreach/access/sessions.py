"""Staying signed in: a token in a cookie, good for so long after it was last used."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from outreach.access.tokens import RANDOM_BYTES, Caller, keep_token, who
from outreach.errors import NotFromTheApp, TokenRefused
from outreach.models import AccessToken
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind

PREFIX = "ses_"
OF_A_PHONE = timedelta(days=180)
OF_A_COORDINATOR = timedelta(hours=12)
"""A shift: the machine may be one that others sit at."""
SLIDES = 180
"""A session in use is written down as good for longer after a 180th of its time, and not on every request."""


def lasts(kind: TokenKind) -> timedelta:
    """How long a session of this kind is good for after it was last used."""
    return OF_A_PHONE if kind is TokenKind.RESPONDER else OF_A_COORDINATOR


async def start_session(
    holder_id: UUID, now: datetime, kind: TokenKind = TokenKind.RESPONDER, way: str = "code"
) -> str:
    """A new session of this responder or coordinator: the token that its cookie holds."""
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    await keep_token(token, kind, holder_id, now, now + lasts(kind), way)
    return token


async def session_caller(token: str, now: datetime) -> Caller:
    """Whom a session stands for; raises TokenRefused for one that is over, or is no session's token."""
    if not token.startswith(PREFIX):
        raise TokenRefused()
    return await who(token, now)


async def slide(token: str, caller: Caller, now: datetime) -> bool:
    """Let a session in use last on; False when that was done lately."""
    whole = lasts(caller.kind)
    if caller.until is None or caller.until > now + whole - whole / SLIDES:
        return False
    live = AccessToken.filter(hash=keyed_hash(token), revoked_at__isnull=True)
    return await live.update(expires_at=now + whole) == 1


def csrf_of(token: str) -> str:
    """What the app sends beside the cookie, the same for as long as the session lasts: another site cannot know it."""
    return keyed_hash(f"csrf:{token}")


def refuse_unless_ours(token: str, shown: str | None) -> None:
    """Raises NotFromTheApp unless `shown` is what this session's app was given."""
    if not hmac.compare_digest(csrf_of(token).encode(), (shown or "").encode()):
        raise NotFromTheApp()
