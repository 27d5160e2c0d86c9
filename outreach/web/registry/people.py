"""Finding residents and responders; what is looked for is in the body, since addresses of pages are kept by many."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from outreach.access.looking import note_look
from outreach.models import Address, Phone, Resident, Responder
from outreach.models.searching import Whom
from outreach.registry.searching import search
from outreach.web.answers.registry import ResidentsFound, RespondersFound
from outreach.web.asking import Ask
from outreach.web.forms import Form
from outreach.web.registry.common import areas_by_id
from outreach.web.table import READING, Route


class SearchForm(Form):
    """What to look for: a number, a name in characters or pinyin, a part of an address; empty finds everybody."""

    text: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    after: UUID | None = None


async def residents(ask: Ask) -> Response:
    """Residents of the area by number, name, pinyin or address; the look is kept."""
    ids, cursor = await _found(ask, Whom.RESIDENT)
    rows = await Resident.filter(id__in=ids).order_by("id")
    phones = await Phone.filter(resident_id__in=ids, wrong_at__isnull=True).order_by("made_at", "id")
    places = await Address.filter(resident_id__in=ids, wrong_at__isnull=True).order_by("made_at", "id")
    areas = await areas_by_id({row.area_id for row in rows})
    await note_look(ask.caller, "search", [(row.id, row.area_id) for row in rows], ask.now)
    found = [
        {
            "id": row.id,
            "name": row.name,
            "area": areas.get(row.area_id) if row.area_id else None,
            "phone": next((each.number for each in phones if each.resident_id == row.id), None),
            "address": next((each.text for each in places if each.resident_id == row.id), None),
            "possible_double": row.possible_double_of_id is not None,
        }
        for row in rows
    ]
    return ask.answer({"residents": found, "next": cursor})


async def responders(ask: Ask) -> Response:
    """Responders of the area by number or name; the look is kept."""
    ids, cursor = await _found(ask, Whom.RESPONDER)
    rows = await Responder.filter(id__in=ids).order_by("id")
    areas = await areas_by_id({row.area_id for row in rows})
    await note_look(ask.caller, "search", [(row.id, row.area_id) for row in rows], ask.now)
    return ask.answer({"responders": [_responder(row, areas) for row in rows], "next": cursor})


async def _found(ask: Ask, whom: Whom) -> tuple[list[UUID], UUID | None]:
    form = await ask.form(SearchForm)
    found = await search(whom, form.text, ask.parts.settings.country, ask.caller.area_path, form.after)
    return found.ids, found.next


def _responder(row: Responder, areas: dict[UUID, dict[str, str]]) -> dict[str, Any]:
    said = {"id": row.id, "name": row.name, "role": row.role.value, "area": areas[row.area_id]}
    return {**said, "trained": row.trained, "vetted_until": row.vetted_until, "load": row.load} | {
        "capacity": row.capacity
    }


def _route(path: str, handler: Any, says: str, shape: Any) -> Route:
    return Route("POST", path, handler, READING, says, SearchForm, shape=shape)


ROUTES = (
    _route("/api/residents/search", residents, "A page of residents.", ResidentsFound),
    _route("/api/responders/search", responders, "A page of responders.", RespondersFound),
)
