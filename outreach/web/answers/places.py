"""Areas, shifts, units and sources as the registry shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models.states import AreaKind
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.cases import AreaNamed
from outreach.web.answers.registry import Named


class AreaListed(Answer):
    """An area; `parent` is the code of the one it lies in, `drawn` says that its boundary is known."""

    id: UUID
    code: str
    name: str
    kind: AreaKind
    path: str
    parent: str | None
    time_zone: str | None
    drawn: bool


class AreasListed(Answer):
    """All areas of the caller's, each after the one it lies in."""

    areas: list[AreaListed]


class AreaRecord(Heeding, AreaListed):
    """An area with its boundary (GeoJSON) and its middle (lat, lon in WGS-84)."""

    boundary: dict[str, Any] | None
    point: tuple[float, float] | None
    version: str


class PersonNamed(Answer):
    """Somebody by id and name."""

    id: UUID
    name: str


class ShiftRecord(Heeding):
    """Hours on duty; `origin` is `plan`, or `switch` for those that the phone was put on duty for."""

    id: UUID
    responder: PersonNamed
    area: AreaNamed
    starts_at: datetime
    ends_at: datetime
    origin: str


class ShiftsListed(Answer):
    """Shifts in the order they begin; those past the first thousand are left out."""

    shifts: list[ShiftRecord]


class ShiftEnded(Answer):
    """A shift that ended now; `removed`: it had not begun, and never was."""

    id: UUID
    ends_at: datetime
    removed: bool


class UnitRecord(Heeding):
    """An organisation that takes part."""

    id: UUID
    code: str
    name: str
    kind: str
    version: str


class UnitListed(UnitRecord):
    """The same; `yours` says that the caller may change it, on this `version`."""

    yours: bool


class UnitsListed(Answer):
    """All units."""

    units: list[UnitListed]


class KeyListed(Answer):
    """A key that is good now; the key itself was shown once, when it was made."""

    id: UUID
    made_at: datetime
    expires_at: datetime | None


class SourceListed(Answer):
    """A system that posts warnings, with its keys; without an area it warns for the whole city."""

    id: UUID
    code: str
    name: str
    unit: Named
    area: AreaNamed | None
    keys: list[KeyListed]


class SourcesListed(Answer):
    """The sources of the caller's area."""

    sources: list[SourceListed]


class SourceRecord(Heeding, SourceListed):
    """A source after a change."""


class SourceKeyed(SourceRecord):
    """A source with a new `key`, which is shown this once."""

    key: str
