"""How often one may ask about what is secret: tries are kept before they are counted, so that no two are the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from tortoise.queryset import QuerySet

from outreach.models import VisitCodeTry
from outreach.models.visiting import CodeAnswer

WINDOW = timedelta(hours=1)


async def wait_s(one: VisitCodeTry, most_of_one: int, most_about_one: int, now: datetime) -> int:
    """Seconds until this try would be answered (0: now), with so many in a WINDOW by one caller and about one code."""
    before = VisitCodeTry.filter(at__gt=now - WINDOW).exclude(id=one.id).exclude(said=CodeAnswer.REFUSED)
    caller = await _free_at(before.filter(caller_hash=one.caller_hash), most_of_one, now)
    about = await _free_at(before.filter(code_hash=one.code_hash), most_about_one, now)
    return ceil((max(caller, about) - now).total_seconds())


async def _free_at(tries: QuerySet[VisitCodeTry], most: int, now: datetime) -> datetime:
    last = await tries.order_by("-at").limit(most)
    return last[-1].at + WINDOW if len(last) == most else now
