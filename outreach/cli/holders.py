"""Whom a command means: areas, sources and holders of tokens by the names that people have for them."""

from __future__ import annotations

from uuid import UUID

from outreach.errors import BadInput
from outreach.models import Area, Coordinator, Responder, Source
from outreach.models.states import TokenKind


async def area_named(code: str | None) -> Area | None:
    """The area with this code, None for none; raises BadInput where no area has it."""
    if code is None:
        return None
    area = await Area.get_or_none(code=code)
    if area is None:
        raise BadInput(f"There is no area {code}; `outreach import areas` brings areas in.")
    return area


async def source_named(code: str) -> Source:
    """The source with this code; raises BadInput where there is none."""
    source = await Source.get_or_none(code=code)
    if source is None:
        raise BadInput(f"There is no source {code}; `outreach source add` makes one.")
    return source


async def holder_named(kind: TokenKind, said: str) -> UUID:
    """The id of whom `said` means: an id, a source's code, a responder's external_id, a coordinator's name."""
    try:
        return UUID(said)
    except ValueError:
        found = await _ids(kind, said)
    if not found:
        raise BadInput(f"No {kind.value} is called {said}.")
    if len(found) > 1:
        raise BadInput(f"Several are called that; say which by id: {', '.join(map(str, found))}.")
    return found[0]


async def _ids(kind: TokenKind, said: str) -> list[UUID]:
    if kind is TokenKind.SOURCE:
        return [source.id for source in await Source.filter(code=said)]
    if kind is TokenKind.RESPONDER:
        return [responder.id for responder in await Responder.filter(external_id=said)]
    # Names are sealed, so that no query can look for one; coordinators are few.
    here = await Coordinator.filter(left_at__isnull=True)
    return sorted(coordinator.id for coordinator in here if coordinator.name == said)
