"""Tokens: made once, kept as a keyed hash, and read back as the caller they stand for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outreach.errors import NotFound, NoTokenGiven, NotYours, TokenRefused
from outreach.models import AccessToken, Coordinator, Responder, Source
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind

PREFIXES = {TokenKind.SOURCE: "src_", TokenKind.RESPONDER: "rsp_", TokenKind.COORDINATOR: "crd_"}
HOLDERS: dict[TokenKind, type[Source] | type[Responder] | type[Coordinator]] = {
    TokenKind.SOURCE: Source,
    TokenKind.RESPONDER: Responder,
    TokenKind.COORDINATOR: Coordinator,
}
RANDOM_BYTES = 32


@dataclass(frozen=True)
class Caller:
    """Who asks: one source, responder or coordinator (`id`).

    `area_path` is the area they are bound to (None: the whole city); `source_id` the source in whose name they warn.
    """

    kind: TokenKind
    id: UUID
    area_path: str | None
    source_id: UUID | None


async def issue_token(kind: TokenKind, holder_id: UUID, now: datetime, days: float | None = None) -> str:
    """A new token for this holder, shown this once; it expires after `days` (None: never). Raises NotFound."""
    if not await HOLDERS[kind].exists(id=holder_id):
        raise NotFound()
    token = PREFIXES[kind] + secrets.token_urlsafe(RANDOM_BYTES)
    expires_at = None if days is None else now + timedelta(days=days)
    await AccessToken.create(kind=kind, holder_id=holder_id, hash=keyed_hash(token), made_at=now, expires_at=expires_at)
    return token


async def who(token: str | None, now: datetime) -> Caller:
    """Whom `token` stands for; raises NoTokenGiven, or TokenRefused for one that is unknown, expired or revoked."""
    if not token:
        raise NoTokenGiven()
    row = await AccessToken.get_or_none(hash=keyed_hash(token)) if token.isascii() else None
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise TokenRefused()
    holder = await HOLDERS[row.kind].get_or_none(id=row.holder_id).select_related("area")
    if holder is None:
        raise TokenRefused()
    area_path = holder.area.path if holder.area is not None else None
    return Caller(row.kind, row.holder_id, area_path, _source_of(holder))


def _source_of(holder: Source | Responder | Coordinator) -> UUID | None:
    if isinstance(holder, Source):
        return holder.id
    found: UUID | None = getattr(holder, "source_id", None)
    return found


def require(caller: Caller, *kinds: TokenKind) -> None:
    """Raises NotYours unless the caller is of one of these kinds."""
    if caller.kind not in kinds:
        raise NotYours()


async def revoke(token: str, now: datetime) -> bool:
    """Refuse this token from now on; False when it was unknown or already revoked."""
    return await AccessToken.filter(hash=keyed_hash(token), revoked_at__isnull=True).update(revoked_at=now) == 1


async def revoke_all(kind: TokenKind, holder_id: UUID, now: datetime) -> int:
    """Refuse every token of this holder from now on; answers how many there were."""
    return await AccessToken.filter(kind=kind, holder_id=holder_id, revoked_at__isnull=True).update(revoked_at=now)
