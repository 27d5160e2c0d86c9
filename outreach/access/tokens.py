"""Tokens: made once, kept as a keyed hash, and read back as the caller they stand for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outreach.errors import NotFound, NoTokenGiven, NotYours, TokenRefused
from outreach.models import AccessToken, Coordinator, Responder, Source
from outreach.models.sealing import keyed_hash
from outreach.models.statements import fetch, moment_in
from outreach.models.states import ROLES, TokenKind

PREFIXES = {
    TokenKind.SOURCE: "src_",
    TokenKind.RESPONDER: "rsp_",
    TokenKind.COORDINATOR: "crd_",
    TokenKind.HOTLINE: "hot_",
    TokenKind.CHIEF: "chf_",
    TokenKind.ADMIN: "adm_",
}
HOLDERS: dict[TokenKind, type[Source] | type[Responder] | type[Coordinator]] = {
    TokenKind.SOURCE: Source,
    TokenKind.RESPONDER: Responder,
    **dict.fromkeys(ROLES, Coordinator),
}
RANDOM_BYTES = 32
HELD_BY = """
    SELECT t.kind, t.holder_id, t.expires_at, t.revoked_at, a.path AS area_path,
        COALESCE(s.id, r.id, c.id) AS holder, COALESCE(s.id, c.source_id) AS source_id
    FROM access_token t
    LEFT JOIN source s ON t.kind = 'source' AND s.id = t.holder_id
    LEFT JOIN responder r ON t.kind = 'responder' AND r.id = t.holder_id
    LEFT JOIN coordinator c ON t.kind IN ('coordinator', 'hotline', 'chief', 'admin') AND c.id = t.holder_id
    LEFT JOIN area a ON a.id = COALESCE(s.area_id, r.area_id, c.area_id)
    WHERE t.hash = $1"""
"""A token, whoever holds it, the area they are bound to, and the source in whose name they warn."""


@dataclass(frozen=True)
class Caller:
    """Who asks: one source, responder or coordinator (`id`).

    `area_path` is the area they are bound to (None: the whole city); `source_id` the source in whose name they warn;
    `until` is when the token they showed expires.
    """

    kind: TokenKind
    id: UUID
    area_path: str | None
    source_id: UUID | None
    until: datetime | None = None


async def issue_token(kind: TokenKind, holder_id: UUID, now: datetime, days: float | None = None) -> str:
    """A new token for this holder, shown this once; it expires after `days` (None: never). Raises NotFound."""
    held = HOLDERS[kind].filter(id=holder_id)
    if not await (held.filter(left_at__isnull=True) if kind in ROLES else held).exists():
        raise NotFound()
    token = PREFIXES[kind] + secrets.token_urlsafe(RANDOM_BYTES)
    await keep_token(token, kind, holder_id, now, None if days is None else now + timedelta(days=days))
    return token


async def keep_token(
    token: str, kind: TokenKind, holder_id: UUID, now: datetime, expires_at: datetime | None, way: str | None = None
) -> None:
    """Keep the hash of this token as standing for this holder; `way` is how they signed in, for a session."""
    await AccessToken.create(
        kind=kind, holder_id=holder_id, hash=keyed_hash(token), made_at=now, expires_at=expires_at, way=way
    )


async def who(token: str | None, now: datetime) -> Caller:
    """Whom `token` stands for; raises NoTokenGiven, or TokenRefused for one that is unknown, expired or revoked."""
    if not token:
        raise NoTokenGiven()
    found = await fetch(HELD_BY, keyed_hash(token)) if token.isascii() else []
    if not found or found[0]["holder"] is None or found[0]["revoked_at"] is not None:
        raise TokenRefused()
    row, expires_at = found[0], moment_in(found[0]["expires_at"])
    if expires_at is not None and expires_at <= now:
        raise TokenRefused()
    source_id = UUID(str(row["source_id"])) if row["source_id"] is not None else None
    return Caller(TokenKind(row["kind"]), UUID(str(row["holder_id"])), row["area_path"], source_id, expires_at)


def require(caller: Caller, *kinds: TokenKind) -> None:
    """Raises NotYours unless the caller is of one of these kinds."""
    if caller.kind not in kinds:
        raise NotYours()


async def revoke(token: str, now: datetime) -> bool:
    """Refuse this token from now on; False when it was unknown or already revoked."""
    return await AccessToken.filter(hash=keyed_hash(token), revoked_at__isnull=True).update(revoked_at=now) == 1
