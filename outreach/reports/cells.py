"""Reading rollups: the fewest that tell what is asked of an area."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.models.statements import fetch
from outreach.reports.sheets import Sheet, unpack
from outreach.reports.spans import HOURLY
from outreach.reports.tree import EVERYWHERE, Tree
from outreach.reports.views import EACH, TOTAL, seen

AT_ONCE = 500
"""Begins in one statement; with more areas than so many, all are read."""
CELLS = "SELECT figures FROM rollup WHERE level = $1 AND part = $2 AND starts_at IN ({}) AND area_id IN ({})"
OF_ALL = "SELECT figures FROM rollup WHERE level = $1 AND part = $2 AND starts_at IN ({})"


@dataclass(frozen=True)
class Cells:
    """The rollups of an area and what lies below it; of everything, for the empty path."""

    tree: Tree
    area_path: str

    async def read(self, level: str, begins: Sequence[datetime], view: str) -> list[Sheet]:
        """Sheets that add up to what the view shows of the days or months that begin then."""
        if view == TOTAL and self.area_path:
            return await self._total(level, begins)
        if view == EACH and self.area_path:
            tops = self.tree.tops(self.area_path)
            inside = self.tree.lies_in(self.area_path)
            areas = {area for area in self.tree.paths if inside(area)} | {self.tree.chain(top)[-1] for top in tops}
            return await self._inside(await _read(level, EACH, begins, areas))
        return await self._inside(await _read(level, view, begins, None if view == EACH else {EVERYWHERE}))

    async def read_hours(self, begins: Sequence[datetime]) -> list[Sheet]:
        """A sheet for each of these hours, which tells all apart."""
        return await self._inside(await _read(HOURLY, EACH, begins, {EVERYWHERE}))

    async def _total(self, level: str, begins: Sequence[datetime]) -> list[Sheet]:
        """What lies below, and what lies in the area itself: that is kept with the one above."""
        tops = self.tree.tops(self.area_path)
        below = await _read(level, TOTAL, begins, tops)
        beside = await _read(level, EACH, begins, {self.tree.chain(top)[-1] for top in tops})
        own = [sheet.kept("area", tops.__contains__) for sheet in beside]
        return await asyncio.to_thread(lambda: [seen(sheet, TOTAL) for sheet in (*below, *own)])

    async def _inside(self, sheets: list[Sheet]) -> list[Sheet]:
        if not self.area_path:
            return sheets
        inside = self.tree.lies_in(self.area_path)
        return await asyncio.to_thread(lambda: [sheet.kept("area", inside) for sheet in sheets])


async def _read(level: str, view: str, begins: Sequence[datetime], areas: Collection[str] | None) -> list[Sheet]:
    """Those of the areas, or of all."""
    found: list[Sheet] = []
    if areas is not None and not areas:
        return found
    named = list(areas) if areas is not None and len(areas) <= AT_ONCE else []
    for start in range(0, len(begins), AT_ONCE):
        some = begins[start : start + AT_ONCE]
        sql = (CELLS if named else OF_ALL).format(_places(3, some), _places(3 + len(some), named))
        rows = await fetch(sql, level, view, *some, *named)
        found += await asyncio.to_thread(_unpacked, rows)
    return found


def _unpacked(rows: Sequence[dict[str, Any]]) -> list[Sheet]:
    return [unpack(row["figures"]) for row in rows]


def _places(first: int, values: Collection[object]) -> str:
    return ", ".join(f"${number}" for number in range(first, first + len(values)))
