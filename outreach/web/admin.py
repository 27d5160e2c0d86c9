"""Who coordinates, as an admin sees and changes it: their role and area, their way in, and letting them go."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import segno
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import access, outcomes
from outreach.errors import LastAdmin, NotFound, StaleVersion
from outreach.models import Coordinator, Outreach
from outreach.models.states import LIVE_OUTREACH, TokenKind
from outreach.registry.phones import phone_of
from outreach.web.answers.people import CoordinatorRecord, Coordinators, LinkMade
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.common import AreaCode, Name, Number, area_of, versioned
from outreach.web.table import ADMIN, Route


class CoordinatorForm(Form):
    """What a coordinator is; without an `area` the whole city's."""

    name: Name
    phone: Number | None = None
    role: Literal["coordinator", "chief", "hotline", "admin"]
    area: AreaCode | None = None


async def coordinators(ask: Ask) -> Response:
    """Everybody who coordinates in this admin's area, and how they get in."""
    rows = await access.coordinators_seen_by(ask.caller)
    listed = [_view(each) for each in await access.standing_of(rows, ask.now)]
    return ask.answer({"coordinators": listed})


async def appoint(ask: Ask) -> Response:
    """Appoint somebody; they get in by the link that is made for them."""
    said = await _said(ask)
    async with in_transaction():
        return await _shown(await access.appoint(said), ask, 201)


async def put(ask: Ask) -> Response:
    """Change what somebody is, on the version that was read; another role or area ends their sessions."""
    read = versions_read(ask)
    row = await _within(ask)
    said = await _said(ask)
    async with in_transaction():
        await Coordinator.select_for_update(no_key=True).get(id=row.id)
        before = (await _one(row.id, ask))["version"]
        if read != {"*"} and before not in read:
            raise StaleVersion()
        await access.change_coordinator(row.id, said, ask.now)
        return await _shown(row.id, ask)


async def link(ask: Ask) -> Response:
    """A link that lets them in once, in place of one not used yet; shown this once."""
    row = await _within(ask)
    made = await access.make_link(row.id, ask.now)
    url = made.url(ask.parts.settings.public_url)
    picture = segno.make(url, error="m").svg_data_uri(border=2)
    return ask.answer({"url": url, "expires_at": made.expires_at, "picture": picture}, 201)


async def end_sessions(ask: Ask) -> Response:
    """Sign them out everywhere; every other token of theirs is refused from now on too."""
    row = await _within(ask)
    await access.end_all(row.id, ask.now)
    return Response(status_code=204)


async def dismiss(ask: Ask) -> Response:
    """Let them in no more; the cases they have are left to whoever takes them."""
    row = await _within(ask)
    async with in_transaction():
        await access.dismiss(row.id, ask.now)
    taken = Outreach.filter(taken_by_id=row.id, status__in=LIVE_OUTREACH).order_by("id")
    for outreach_id in await taken.values_list("id", flat=True):
        await _leave(UUID(str(outreach_id)), row.id, ask)
    ask.parts.wake()
    return Response(status_code=204)


async def _leave(outreach_id: UUID, coordinator_id: UUID, ask: Ask) -> None:
    async with in_transaction():
        row = await Outreach.select_for_update(no_key=True).get(id=outreach_id)
        if row.taken_by_id == coordinator_id and row.status in LIVE_OUTREACH:
            await outcomes.hand_on(row, None, None, ask.caller.id, ask.now)


async def _said(ask: Ask) -> access.Appointed:
    form = await ask.form(CoordinatorForm)
    area = await area_of(ask, form.area)
    phone = phone_of(form.phone, ask.parts.settings.country).e164 if form.phone else None
    return access.Appointed(form.name, phone, TokenKind(form.role), area)


async def _within(ask: Ask) -> Coordinator:
    row = await Coordinator.filter(id=ask.id, left_at__isnull=True).select_related("area").first()
    if row is None or not access.in_scope(ask.caller, row.area.path if row.area else None):
        raise NotFound()
    return row


async def _shown(coordinator_id: UUID, ask: Ask, status: int = 200) -> Response:
    view = await _one(coordinator_id, ask)
    return ask.answer(view, status, {"ETag": f'"{view["version"]}"'})


async def _one(coordinator_id: UUID, ask: Ask) -> dict[str, Any]:
    row = await Coordinator.get(id=coordinator_id).select_related("area")
    [standing] = await access.standing_of([row], ask.now)
    return _view(standing)


def _view(standing: access.Standing) -> dict[str, Any]:
    row, area = standing.coordinator, standing.coordinator.area
    said = {
        "id": row.id,
        "name": row.name,
        "phone": row.phone,
        "role": row.role.value,
        "area": {"code": area.code, "name": area.name, "path": area.path} if area else None,
    }
    # That they signed in meanwhile is no other version of what they are.
    gets_in = {"password": standing.password, "link_until": standing.link_until, "sessions": standing.sessions}
    return versioned(said) | gets_in


ALL, ONE = "/api/coordinators", "/api/coordinators/{id}"
ROUTES = (
    Route("GET", ALL, coordinators, (ADMIN,), "Everybody of the area.", shape=Coordinators),
    Route(
        "POST",
        ALL,
        appoint,
        (ADMIN,),
        "The new coordinator.",
        CoordinatorForm,
        answers=201,
        gives_version=True,
        shape=CoordinatorRecord,
    ),
    Route(
        "PUT",
        ONE,
        put,
        (ADMIN,),
        "The coordinator as they are now.",
        CoordinatorForm,
        needs_version=True,
        gives_version=True,
        shape=CoordinatorRecord,
        refuses=(LastAdmin,),
    ),
    Route("DELETE", ONE, dismiss, (ADMIN,), "They get in no more.", answers=204, refuses=(LastAdmin,)),
    Route("POST", f"{ONE}/link", link, (ADMIN,), "The link, and its QR code.", answers=201, shape=LinkMade),
    Route("DELETE", f"{ONE}/sessions", end_sessions, (ADMIN,), "Signed out everywhere.", answers=204),
)
