"""The coordinators to whom a case may be handed on."""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q

from outreach.access.tokens import Caller
from outreach.models import Coordinator
from outreach.models.states import TokenKind

DECIDING = (TokenKind.COORDINATOR, TokenKind.ADMIN)


async def colleagues(caller: Caller) -> list[Coordinator]:
    """Who decides in the caller's area or above it, or in a part of it; the caller too."""
    deciding = Coordinator.filter(role__in=DECIDING, left_at__isnull=True)
    if caller.area_path is not None:
        codes = [code for code in caller.area_path.split("/") if code]
        below = Q(area__path__startswith=caller.area_path)
        deciding = deciding.filter(Q(area_id__isnull=True) | Q(area__code__in=codes) | below)
    return await deciding.select_related("area").order_by("id")


async def may_hold(coordinator_id: UUID, area_path: str | None) -> bool:
    """Whether this coordinator decides on cases of that area (None: nowhere yet, which is the whole city's)."""
    here = Coordinator.filter(id=coordinator_id, role__in=DECIDING, left_at__isnull=True)
    found = await here.select_related("area").first()
    if found is None:
        return False
    return found.area is None or (area_path is not None and area_path.startswith(found.area.path))
