"""Areas limit who sees whom."""

from __future__ import annotations

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from outreach.access.tokens import Caller
from outreach.models import Outreach, Target, Task
from outreach.models.states import LIVE_TASK, ROLES, TokenKind


def in_scope(caller: Caller, area_path: str | None) -> bool:
    """Whether something in `area_path` (None: nowhere yet) lies in the caller's area; the nowhere is the city's."""
    if caller.area_path is None:
        return True
    return area_path is not None and area_path.startswith(caller.area_path)


def outreaches_seen_by(caller: Caller) -> QuerySet[Outreach]:
    """The outreaches this caller may see.

    A coordinator sees those of their area, a source those its own warnings joined, a responder those of the tasks
    they hold now.
    """
    if caller.kind in ROLES:
        return Outreach.filter(area__path__startswith=caller.area_path) if caller.area_path else Outreach.all()
    if caller.kind is TokenKind.SOURCE:
        warned = Target.filter(warning__source_id=caller.source_id).values("outreach_id")
        return Outreach.filter(id__in=Subquery(warned))
    held = Task.filter(responder_id=caller.id, status__in=list(LIVE_TASK)).values("outreach_id")
    return Outreach.filter(id__in=Subquery(held))
