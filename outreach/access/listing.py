"""Who is signed in: one's own sessions and tokens, for an admin those of their area; and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from outreach.access.scope import in_scope
from outreach.access.tokens import Caller
from outreach.errors import NotFound
from outreach.models import AccessToken, Coordinator, Responder
from outreach.models.sealing import keyed_hash
from outreach.models.states import ROLES, TokenKind


@dataclass(frozen=True)
class Session:
    """One live session or token; `way` is how it began (`token`: it was given out), `this` says that it asks."""

    id: UUID
    kind: str
    holder_id: UUID
    way: str
    made_at: datetime
    expires_at: datetime | None
    this: bool


async def sessions_seen_by(caller: Caller, token: str, now: datetime, of: UUID | None = None) -> list[Session]:
    """The live sessions of the caller, newest first.

    To an admin those of all coordinators of their area; with `of` those of one coordinator or responder there.
    """
    rows = await _live(now).filter(await _whose(caller, of)).order_by("-made_at", "-id")
    mine = keyed_hash(token)
    return [
        Session(
            row.id, row.kind.value, row.holder_id, row.way or "token", row.made_at, row.expires_at, row.hash == mine
        )
        for row in rows
    ]


async def end_session(caller: Caller, session_id: UUID, now: datetime) -> None:
    """Refuse this session from now on; raises NotFound for one that is over, or is another's whom one may not end."""
    row = await _live(now).filter(id=session_id).first()
    if row is None or not await _may_end(caller, row.holder_id):
        raise NotFound()
    await AccessToken.filter(id=row.id, revoked_at__isnull=True).update(revoked_at=now)


async def end_all(holder_id: UUID, now: datetime) -> int:
    """Refuse every session and token of this responder or coordinator from now on; answers how many."""
    return await AccessToken.filter(holder_id=holder_id, revoked_at__isnull=True).update(revoked_at=now)


def _live(now: datetime) -> QuerySet[AccessToken]:
    return AccessToken.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


async def _whose(caller: Caller, of: UUID | None) -> Q:
    if caller.kind is not TokenKind.ADMIN or of is not None:
        whom = caller.id if of is None else of
        if not await _may_end(caller, whom):
            raise NotFound()
        return Q(holder_id=whom)
    within = {"area__path__startswith": caller.area_path} if caller.area_path else {}
    ids = [row.id for row in await Coordinator.filter(**within).only("id")]
    return Q(holder_id__in=ids, kind__in=list(ROLES))


async def _may_end(caller: Caller, holder_id: UUID) -> bool:
    if holder_id == caller.id:
        return True
    if caller.kind is not TokenKind.ADMIN:
        return False
    for people in (Coordinator, Responder):
        row = await people.filter(id=holder_id).first().values("area__path")
        if row:
            return in_scope(caller, row["area__path"])
    return False
