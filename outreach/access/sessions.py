"""A phone that stays signed in: a responder's token in a cookie, good for half a year after it was last used."""

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
LASTS = timedelta(days=180)
SLIDES_EVERY = timedelta(days=1)
"""A session in use is written down as good for longer this often, and not on every request."""


async def start_session(responder_id: UUID, now: datetime) -> str:
    """A new session of this responder: the token that its cookie holds."""
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    await keep_token(token, TokenKind.RESPONDER, responder_id, now, now + LASTS)
    return token


async def session_caller(token: str, now: datetime) -> Caller:
    """Whom a session stands for; raises TokenRefused for one that is over, or is no session's token."""
    if not token.startswith(PREFIX):
        raise TokenRefused()
    return await who(token, now)


async def slide(token: str, caller: Caller, now: datetime) -> bool:
    """Let a session in use last for another half a year; False when that was done within the day."""
    if caller.until is None or caller.until > now + LASTS - SLIDES_EVERY:
        return False
    live = AccessToken.filter(hash=keyed_hash(token), revoked_at__isnull=True)
    return await live.update(expires_at=now + LASTS) == 1


def csrf_of(token: str) -> str:
    """What the app sends beside the cookie, the same for as long as the session lasts: another site cannot know it."""
    return keyed_hash(f"csrf:{token}")


def refuse_unless_ours(token: str, shown: str | None) -> None:
    """Raises NotFromTheApp unless `shown` is what this session's app was given."""
    if not hmac.compare_digest(csrf_of(token).encode(), (shown or "").encode()):
        raise NotFromTheApp()
