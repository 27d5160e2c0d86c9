"""The report as a whole, and the forms in which it is handed over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rich.table import Table

from outreach.reports.figures import Group
from outreach.reports.printing import as_csv, as_table, causes_table, stages_table


@dataclass(frozen=True)
class Report:
    """Time to reach of the targets whose warnings came in from `frm` until before `to`, as known at `now`."""

    frm: datetime
    to: datetime
    now: datetime
    clock: str
    by: str | None
    area_path: str | None
    source_id: str | None
    total: Group
    groups: tuple[Group, ...]

    def to_json(self) -> dict[str, Any]:
        """The report in JSON's own types; times are ISO 8601 in UTC, `frm` is called `from`."""
        plain = asdict(self)
        times = {name: plain.pop(given).isoformat() for name, given in (("from", "frm"), ("to", "to"), ("now", "now"))}
        listed: dict[str, Any] = _listed({**times, **plain})
        return listed

    def to_csv(self) -> str:
        """The report as CSV, one figure a line: group, figure, name, value, low, high, naive, if_ends_were_open."""
        return as_csv(self)

    def to_table(self) -> Table:
        """The report as one `rich` table, one group a row, the total last."""
        return as_table(self)

    def to_tables(self) -> list[Table]:
        """The report as `rich` tables: the groups, and unless empty who and what reached them, and the minutes."""
        sides = [causes_table(self.total), stages_table(self.total)]
        return [as_table(self), *(table for table in sides if table.row_count)]


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value
