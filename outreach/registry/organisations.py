"""Who takes part: the units, and their sources with the keys they warn with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from outreach.models import AccessToken, Responder, Source, Unit
from outreach.registry.editing import unless_taken


async def add_unit(code: str, name: str, kind: str) -> UUID:
    """The id of a new unit, inside the caller's transaction; raises BadInput for a code that is taken."""
    row = Unit(code=code, name=name, kind=kind)
    with unless_taken("code", "another unit has it"):
        await row.save(force_create=True)
    return row.id


async def units_beyond(area_path: str | None) -> set[UUID]:
    """The units some of whose sources or responders are of no part of this area (None: the whole city, so none)."""
    if area_path is None:
        return set()
    sources = await Source.all().values("unit_id", "area__path")
    beyond = {row["unit_id"] for row in sources if not (row["area__path"] or "").startswith(area_path)}
    others = Responder.filter(unit_id__isnull=False).exclude(area__path__startswith=area_path)
    return beyond | {row["unit_id"] for row in await others.distinct().values("unit_id")}


async def add_source(unit_id: UUID, code: str, name: str, area_id: UUID | None) -> UUID:
    """The id of a new source, inside the caller's transaction; raises BadInput for a code that is taken."""
    row = Source(unit_id=unit_id, code=code, name=name, area_id=area_id)
    with unless_taken("code", "another source has it"):
        await row.save(force_create=True)
    return row.id


def keys_of(source_ids: list[UUID], now: datetime) -> QuerySet[AccessToken]:
    """The keys with which these sources may warn now, oldest first."""
    live = AccessToken.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)
    return live.filter(kind="source", holder_id__in=source_ids).order_by("made_at", "id")


async def revoke_keys(source_id: UUID, key_id: UUID | None, now: datetime) -> int:
    """Refuse one key of a source (None: each) from now on; answers how many."""
    live = keys_of([source_id], now)
    ids = [row.id for row in await (live.filter(id=key_id) if key_id else live)]
    return await AccessToken.filter(id__in=ids, revoked_at__isnull=True).update(revoked_at=now)
