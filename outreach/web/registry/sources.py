"""The sources of an area and their keys: a key is shown once, when it is made, and refused from when it is revoked."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach.access import in_scope, issue_token
from outreach.errors import NotFound
from outreach.models import AccessToken, Source
from outreach.models.states import TokenKind
from outreach.registry.organisations import add_source, keys_of, revoke_keys
from outreach.web.answers.places import SourceKeyed, SourceRecord, SourcesListed
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.registry.areas import Title
from outreach.web.registry.common import AreaCode, Code, area_of, unit_of
from outreach.web.table import ADMIN, CHIEF, Route

OVERSEEING = (CHIEF, ADMIN)
"""Who sees which systems warn."""


class NewSource(Form):
    """A new source of a unit; without an area it warns for the whole city."""

    unit: Code
    code: Code
    name: Title
    area: AreaCode | None = None


class RevokeForm(Form):
    """Which of its keys (null: each) is refused from now on."""

    key: UUID | None = None


async def sources(ask: Ask) -> Response:
    """The sources of the caller's area, by code, each with the keys that are good now."""
    within = ask.caller.area_path
    rows = Source.filter(area__path__startswith=within) if within else Source.all()
    return ask.answer({"sources": await _views(await rows.order_by("code").select_related("unit", "area"), ask)})


async def add(ask: Ask) -> Response:
    """Make a source with its first key."""
    form = await ask.form(NewSource)
    unit, area = await unit_of(form.unit), await area_of(ask, form.area)
    assert unit is not None
    async with in_transaction():
        made = await add_source(unit.id, form.code, form.name, area.id if area else None)
        key = await issue_token(TokenKind.SOURCE, made, ask.now)
    return ask.answer(await _view(made, ask) | {"key": key}, 201)


async def add_key(ask: Ask) -> Response:
    """Make one more key, so that the one before can be revoked once nothing uses it."""
    row = await _within(ask)
    key = await issue_token(TokenKind.SOURCE, row.id, ask.now)
    return ask.answer(await _view(row.id, ask) | {"key": key}, 201)


async def revoke(ask: Ask) -> Response:
    """Refuse a key, or each, from now on."""
    row = await _within(ask)
    form = await ask.form(RevokeForm)
    if not await revoke_keys(row.id, form.key, ask.now) and form.key is not None:
        raise NotFound()
    return ask.answer(await _view(row.id, ask))


async def _within(ask: Ask) -> Source:
    row = await Source.get_or_none(id=ask.id).select_related("area")
    if row is None or not in_scope(ask.caller, row.area.path if row.area else None):
        raise NotFound()
    return row


async def _view(source_id: UUID, ask: Ask) -> dict[str, Any]:
    row = await Source.get(id=source_id).select_related("unit", "area")
    return (await _views([row], ask))[0]


async def _views(rows: list[Source], ask: Ask) -> list[dict[str, Any]]:
    keys: dict[UUID, list[AccessToken]] = defaultdict(list)
    for key in await keys_of([row.id for row in rows], ask.now):
        keys[key.holder_id].append(key)
    return [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "unit": {"code": row.unit.code, "name": row.unit.name},
            "area": {"code": row.area.code, "name": row.area.name, "path": row.area.path} if row.area else None,
            "keys": [{"id": k.id, "made_at": k.made_at, "expires_at": k.expires_at} for k in keys[row.id]],
        }
        for row in rows
    ]


ALL, ONE = "/api/sources", "/api/sources/{id}"
ROUTES = (
    Route("GET", ALL, sources, OVERSEEING, "The sources.", shape=SourcesListed),
    Route("POST", ALL, add, (ADMIN,), "The new source and its key.", NewSource, answers=201, shape=SourceKeyed),
    Route("POST", f"{ONE}/keys", add_key, (ADMIN,), "The source and its new key.", answers=201, shape=SourceKeyed),
    Route("POST", f"{ONE}/revoke", revoke, (ADMIN,), "The source and the keys left.", RevokeForm, shape=SourceRecord),
)
