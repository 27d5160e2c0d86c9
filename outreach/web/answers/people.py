"""Who coordinates, as an admin sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.cases import AreaNamed
from outreach.web.answers.signing_in import Role


class CoordinatorRecord(Heeding):
    """A coordinator; without an `area` the whole city's.

    How they get in: whether by a `password`, by a link until `link_until`, and how many `sessions` they have now.
    """

    id: UUID
    name: str
    phone: str | None
    role: Role
    area: AreaNamed | None
    password: bool
    link_until: datetime | None
    sessions: int
    version: str


class Coordinators(Answer):
    """Everybody who coordinates in an area."""

    coordinators: list[CoordinatorRecord]


class LinkMade(Answer):
    """A link that lets one coordinator in once, until `expires_at`; `picture` is its QR code, a `data:` URL."""

    url: str
    expires_at: datetime
    picture: str


class OwnLink(Heeding):
    """The code of a link of one's own, by which another password is set."""

    link: str
    expires_at: datetime
