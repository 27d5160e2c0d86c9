"""Who stands where, for those who watch: read once for all of them, and told to each as far as their area reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach import reports
from outreach.access import Caller, in_scope
from outreach.web.answers.board import Gap, Staff, WhoStands

Row = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """All who are on duty or hold something, by id and without their names, and the grids that lack somebody."""

    staff: dict[UUID, Row] = field(default_factory=dict)
    gaps: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """What differs between two standings; `before` None: all of `now` is news."""

    now: Standing
    before: Standing | None
    touched: list[UUID]
    named: dict[UUID, Row]
    """Those of the touched who still stand somewhere, with their names."""

    def within(self, caller: Caller) -> bytes | None:
        """What this caller is told, as JSON; None: nothing of it is of their area."""
        before = self.before or Standing()
        mine = [self.named[id_] for id_ in self.touched if id_ in self.named and _seen(caller, self.now, id_)]
        gone = [id_ for id_ in self.touched if _seen(caller, before, id_) and not _seen(caller, self.now, id_)]
        gaps = _gaps(caller, self.now)
        same = self.before is not None and gaps == _gaps(caller, before)
        if same and not mine and not gone:
            return None
        staff = [Staff(**row) for row in mine]
        said = WhoStands(whole=self.before is None, staff=staff, gone=gone, gaps=None if same else gaps)
        return said.model_dump_json(by_alias=True).encode()


async def read_standing(now: datetime) -> Standing:
    """How everything stands now."""
    return Standing(await reports.standing(None, now), await reports.gaps(None, now))


async def change_to(now: Standing, before: Standing | None = None) -> Change:
    """What became different since `before` (None: everything)."""
    known = before.staff if before else {}
    touched = [id_ for id_ in {**known, **now.staff} if known.get(id_) != now.staff.get(id_)]
    rows = await reports.named([now.staff[id_] for id_ in touched if id_ in now.staff])
    return Change(now, before, touched, {row["id"]: row for row in rows})


def _seen(caller: Caller, standing: Standing, id_: UUID) -> bool:
    return id_ in standing.staff and in_scope(caller, standing.staff[id_]["area"])


def _gaps(caller: Caller, standing: Standing) -> list[Gap]:
    return [Gap(**row) for row in standing.gaps if in_scope(caller, row["path"])]
