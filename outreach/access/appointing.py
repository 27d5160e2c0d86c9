"""Who coordinates: appointed, changed and let go by an admin; nobody takes the last admin away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.access.listing import end_all
from outreach.access.scope import in_scope
from outreach.access.tokens import Caller
from outreach.errors import LastAdmin
from outreach.models import AccessToken, Area, Coordinator, CoordinatorLink, CoordinatorLogin, Source, Unit
from outreach.models.states import TokenKind

CENTRE = "centre"
PHONED_IN = "phoned-in"
LONGEST_MARK = 50


@dataclass(frozen=True)
class Appointed:
    """What a coordinator is: their role, the area they watch (None: the whole city), their number (E.164)."""

    name: str
    phone: str | None
    role: TokenKind
    area: Area | None


@dataclass(frozen=True)
class Standing:
    """A coordinator and how they get in: whether by a password, until when by a link, and how many sessions live."""

    coordinator: Coordinator
    password: bool
    link_until: datetime | None
    sessions: int


async def appoint(said: Appointed) -> UUID:
    """A new coordinator, who gets in once there is a link for them."""
    source = await phoned_in(said.area)
    made = await Coordinator.create(name=said.name, phone=said.phone, role=said.role, area=said.area, source=source)
    return made.id


async def change_coordinator(coordinator_id: UUID, said: Appointed, now: datetime) -> None:
    """Keep what is right of them now, in the caller's transaction; another role or area ends their sessions.

    Raises LastAdmin where an area would be left without one.
    """
    row = await Coordinator.get(id=coordinator_id).select_related("area", "source")
    moved = row.area_id != (said.area.id if said.area else None)
    if row.role is TokenKind.ADMIN and (moved or said.role is not TokenKind.ADMIN):
        await _refuse_last_admin(row)
    if moved and row.source is not None and row.source.code.startswith(PHONED_IN):
        row.source = await phoned_in(said.area)
    if moved or row.role is not said.role:
        await end_all(row.id, now)
    fresh = {"name": said.name, "phone": said.phone, "role": said.role, "area": said.area}
    await row.update_from_dict(fresh).save()


async def dismiss(coordinator_id: UUID, now: datetime) -> None:
    """Let them in no more, in the caller's transaction; what they did stays theirs. Raises LastAdmin."""
    row = await Coordinator.get(id=coordinator_id).select_related("area")
    if row.role is TokenKind.ADMIN:
        await _refuse_last_admin(row)
    await end_all(row.id, now)
    await CoordinatorLogin.filter(coordinator_id=row.id).delete()
    await CoordinatorLink.filter(coordinator_id=row.id, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    await Coordinator.filter(id=row.id).update(left_at=now)


async def coordinators_seen_by(caller: Caller) -> list[Coordinator]:
    """Who coordinates in the caller's area and below it, by id; to one of the whole city everybody."""
    rows = await Coordinator.filter(left_at__isnull=True).select_related("area").order_by("id")
    return [row for row in rows if in_scope(caller, row.area.path if row.area else None)]


async def standing_of(rows: list[Coordinator], now: datetime) -> list[Standing]:
    """How each of them gets in."""
    ids = [row.id for row in rows]
    logins = {login.coordinator_id for login in await CoordinatorLogin.filter(coordinator_id__in=ids)}
    open_now = CoordinatorLink.filter(coordinator_id__in=ids, used_at__isnull=True, expires_at__gt=now)
    links = {link.coordinator_id: link.expires_at for link in await open_now}
    began = AccessToken.filter(holder_id__in=ids, revoked_at__isnull=True, way__isnull=False, expires_at__gt=now)
    live = [UUID(str(each)) for each in await began.values_list("holder_id", flat=True)]
    return [Standing(row, row.id in logins, links.get(row.id), live.count(row.id)) for row in rows]


async def phoned_in(area: Area | None) -> Source:
    """The built-in source of what coordinators of `area` (None: the whole city) take down, made on first need."""
    # A source of its own for each area: whoever warns in a source's name sees all warnings of that source.
    mark = None if area is None else area.code if len(area.code) <= LONGEST_MARK else str(area.id)
    code, name = (f"{PHONED_IN}-{mark}", f"Phoned in, {mark}") if mark else (PHONED_IN, "Phoned in")
    unit, _ = await Unit.get_or_create(code=CENTRE, defaults={"name": "Coordination centre", "kind": CENTRE})
    made: Source
    made, _ = await Source.get_or_create(code=code, defaults={"unit": unit, "name": name, "area": area})
    return made


async def _refuse_last_admin(row: Coordinator) -> None:
    """Raises LastAdmin unless another admin has their area, or one above it."""
    # Locked, so that of two who take each other's role away the second finds that there is nobody left.
    admins = Coordinator.filter(role=TokenKind.ADMIN, left_at__isnull=True).order_by("id")
    others = [each for each in await admins.select_for_update(no_key=True) if each.id != row.id]
    areas = {area.id: area.path for area in await Area.filter(id__in=[each.area_id for each in others if each.area_id])}
    path = row.area.path if row.area else ""
    if not any(each.area_id is None or path.startswith(areas[each.area_id]) for each in others):
        raise LastAdmin()
