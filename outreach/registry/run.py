"""One import under way: what it was told, what it has seen, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import ValidationError

from outreach.errors import BadInput
from outreach.models import Source
from outreach.registry.reading import Row
from outreach.registry.rows import Form, Known

F = TypeVar("F", bound=Form)
LONGEST_KEY = 128


@dataclass(frozen=True)
class Line:
    """What becomes of one row: its id or code, which columns change, or why it is refused."""

    line: int
    key: str
    what: Literal["new", "changed", "unchanged", "refused"]
    columns: tuple[str, ...] = ()
    reason: str = ""


@dataclass
class ImportReport:
    """What a file changes, or would: rows counted, changes listed (line, id or code, what), bad rows and why.

    `lines` is every row, for whoever asked for them.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    listed: list[tuple[int, str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass
class Run:
    """One import under way: how it was asked for, the areas known by code, and what it has found so far.

    `within` is the path of the area that whoever asked is bound to (None: none): of others nothing is known to them.
    """

    apply: bool
    now: datetime
    country: str
    source: Source | None
    areas: dict[str, Known]
    most_listed: int | None = None
    within: str | None = None
    every_line: bool = False
    report: ImportReport = field(default_factory=ImportReport)
    seen: dict[str, int] = field(default_factory=dict)
    theirs: set[UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.theirs = {known.id for known in self.areas.values() if known.path.startswith(self.within or "")}

    def create(self, row: Row) -> None:
        """Count a row that is new."""
        self.report.created += 1
        self._list(row, "new")
        self._line(row, "new")

    def change(self, row: Row, what: list[str]) -> None:
        """Count a known row, of which `what` (columns) differs."""
        if what:
            self.report.changed += 1
            self._list(row, "changed: " + ", ".join(what))
        else:
            self.report.unchanged += 1
        self._line(row, "changed" if what else "unchanged", columns=tuple(what))

    def refuse(self, row: Row, reason: str) -> None:
        """List a bad row."""
        self.report.bad.append((row.line, reason))
        self._line(row, "refused", reason=reason)

    def area_id(self, code: str | None) -> UUID | None:
        """The id of the area with this code, if any is given."""
        return self.areas[code].id if code else None

    def sees(self, area_id: UUID | None) -> bool:
        """Whether somebody in this area (None: nowhere yet) is theirs to know of; the nowhere is the city's."""
        return self.within is None or area_id in self.theirs

    def knows_area(self, code: str) -> bool:
        """Whether there is such an area within theirs."""
        return code in self.areas and self.areas[code].path.startswith(self.within or "")

    def _list(self, row: Row, what: str) -> None:
        if self.most_listed is None or len(self.report.listed) < self.most_listed:
            self.report.listed.append((row.line, _key(row), what))

    def _line(
        self,
        row: Row,
        what: Literal["new", "changed", "unchanged", "refused"],
        columns: tuple[str, ...] = (),
        reason: str = "",
    ) -> None:
        if self.every_line:
            self.report.lines.append(Line(row.line, _key(row), what, columns, reason))

    def checked(self, rows: list[Row], form: type[F], key: str) -> list[tuple[Row, F]]:
        """The rows that are sound; the others are listed as bad, as is one whose `key` came before in the file."""
        sound = ((row, self._checked(row, form, key)) for row in rows)
        return [(row, given) for row, given in sound if given is not None]

    def _checked(self, row: Row, form: type[F], key: str) -> F | None:
        try:
            given = form.model_validate({**row.values, "boundary": row.boundary}, context={"country": self.country})
        except ValidationError as wrong:
            self.refuse(row, _reasons(wrong))
            return None
        except BadInput as wrong:
            self.refuse(row, "; ".join(f"{fault.field}: {fault.reason}" for fault in wrong.faults))
            return None
        first = self.seen.setdefault(getattr(given, key), row.line)
        if first != row.line:
            self.refuse(row, f"{key}: is given on line {first} already")
            return None
        area = getattr(given, "area", None)
        if area and not self.knows_area(area):
            self.refuse(row, "area: no area has this code")
            return None
        return given


def _key(row: Row) -> str:
    return (row.values.get("external_id") or row.values.get("code", "")).strip()[:LONGEST_KEY]


def _reasons(wrong: ValidationError) -> str:
    found: list[Any] = list(wrong.errors(include_input=False, include_url=False, include_context=False))
    told = (("".join(f"{part}: " for part in e["loc"]), e["msg"].removeprefix("Value error, ")) for e in found)
    return "; ".join(where + reason for where, reason in told)
