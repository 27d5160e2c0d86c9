"""What the registry's routes share: versions by content, areas by code, and the look that is kept."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.models import Model
from tortoise.transactions import in_transaction

from outreach.access import in_scope
from outreach.errors import BadInput, FieldFault, StaleVersion
from outreach.models import Area, Unit
from outreach.models.sealing import keyed_hash
from outreach.web.asking import Ask, plain
from outreach.web.cases import versions_read

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
AreaCode = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Code = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
Language = Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Number = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^[^\x00]*$")]
View = Callable[[], Awaitable[dict[str, Any]]]


def version_of(shown: Mapping[str, Any]) -> str:
    """The ETag of what is shown: it changes with whatever was changed, by whomever and however."""
    said = json.dumps(plain(shown), sort_keys=True, ensure_ascii=False)
    return f'"{keyed_hash(sha256(said.encode()).hexdigest())}"'


def versioned(view: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, with its version in it."""
    return {**view, "version": version_of(view).strip('"')}


def shown(view: Mapping[str, Any], ask: Ask, status: int = 200) -> Response:
    """What is known, with its version in it and as its ETag."""
    return ask.answer(versioned(view), status, {"ETag": version_of(view)})


async def change(ask: Ask, row: Model, view: View, write: Callable[[], Awaitable[None]]) -> Response:
    """Write on the version of `row` that was read; raises VersionNeeded or StaleVersion, and what the two raise."""
    read = versions_read(ask)
    async with in_transaction():
        # Whoever comes second reads what the first wrote, and is refused.
        await type(row).select_for_update(no_key=True).get(pk=row.pk)
        before = version_of(await view()).strip('"')
        if read != {"*"} and before not in read:
            raise StaleVersion()
        await write()
        return shown(await view(), ask)


async def area_of(ask: Ask, code: str | None, field: str = "area") -> Area | None:
    """The area with this code, within the caller's; raises BadInput naming `field`."""
    if code is None:
        if ask.caller.area_path is not None:
            raise BadInput(faults=(FieldFault(field, "name one within your own area"),))
        return None
    area = await Area.get_or_none(code=code)
    if area is None or not in_scope(ask.caller, area.path):
        raise BadInput(faults=(FieldFault(field, "no area of yours has this code"),))
    return area


async def make(
    ask: Ask, write: Callable[[], Awaitable[UUID]], view: Callable[[UUID], Awaitable[dict[str, Any]]]
) -> Response:
    """Make something new, and answer 201 with what is known of it; raises what the two raise."""
    async with in_transaction():
        said = await view(await write())
    return shown(said, ask, 201)


async def unit_of(code: str | None, field: str = "unit") -> Unit | None:
    """The unit with this code; raises BadInput naming `field`."""
    unit = await Unit.get_or_none(code=code) if code is not None else None
    if code is not None and unit is None:
        raise BadInput(faults=(FieldFault(field, "no unit has this code"),))
    return unit


async def areas_by_id(ids: set[UUID | None]) -> dict[UUID, dict[str, str]]:
    """Code, name and path of these areas."""
    rows = await Area.filter(id__in=[each for each in ids if each is not None])
    return {row.id: {"code": row.code, "name": row.name, "path": row.path} for row in rows}
