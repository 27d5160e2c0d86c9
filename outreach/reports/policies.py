"""What each version of a policy did: how many began with it, and how many of those warned of were reached in time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.models.statements import fetch
from outreach.reports.figuring import FEW, Shown, share_within
from outreach.reports.gathering import gather
from outreach.reports.views import TOTAL

BEGAN = """
    SELECT o.policy_id AS id, count(*) AS began, sum(CASE WHEN o.status <> 'ended' THEN 1 ELSE 0 END) AS still_open
    FROM outreach o LEFT JOIN area g ON g.id = o.area_id
    WHERE NOT o.exercise AND ($1 = '' OR substr(g.path, 1, $2) = $1) GROUP BY o.policy_id"""
"""How many outreaches of an area have each version, and how many of those still run."""
NONE = Shown(None, None, None)


@dataclass(frozen=True)
class Did:
    """Outreaches that have a version and those still open; of `warned` targets the share reached within the target."""

    began: int = 0
    still_open: int = 0
    warned: int = 0
    share: Shown = NONE

    @property
    def few(self) -> bool:
        """Too few to say much."""
        return self.warned < FEW


async def what_policies_did(
    frm: datetime, now: datetime, zone: ZoneInfo, area_path: str, minutes: float
) -> dict[UUID, Did]:
    """By version; the share is of those warned of since `frm`. Exercises never count."""
    counts = {str(row["id"]): row for row in await fetch(BEGAN, area_path, len(area_path))}
    tallies = (await gather(frm, now, now, zone, area_path)).sheets[TOTAL].by("policy")
    # Curves are arithmetic, which must not hold up the warnings coming in.
    shares = await asyncio.to_thread(lambda: {each: share_within(tally, minutes) for each, tally in tallies.items()})
    return {
        UUID(each): Did(
            int(counts.get(each, {}).get("began", 0)),
            int(counts.get(each, {}).get("still_open", 0)),
            tallies[each].one("warned") if each in tallies else 0,
            shares.get(each, NONE),
        )
        for each in {*counts, *tallies}
    }
