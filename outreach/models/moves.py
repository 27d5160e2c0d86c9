"""Moving a row from one state to another: a conditional update whose count is believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise.models import Model

from outreach.models.contacts import Attempt, Notice, Offer, Task
from outreach.models.states import OFFER_MOVES, SEND_MOVES, TASK_MOVES

MOVES: dict[type[Model], Mapping[Any, frozenset[Any]]] = {
    Attempt: SEND_MOVES,
    Notice: SEND_MOVES,
    Offer: OFFER_MOVES,
    Task: TASK_MOVES,
}


def sources_of(model: type[Model], to: StrEnum) -> list[StrEnum]:
    """The states from which `model` may legally move to `to`."""
    return [state for state, onward in MOVES[model].items() if to in onward]


async def move(model: type[Model], row_id: UUID, to: StrEnum, **stamps: Any) -> bool:
    """Move one row to `to` where that is legal, writing `stamps` with it; False when it had moved on already."""
    return await move_all(model, [row_id], to, **stamps) == 1


async def move_all(model: type[Model], row_ids: Iterable[UUID], to: StrEnum, **stamps: Any) -> int:
    """Move those of the rows for which it is legal to `to`; answers how many moved."""
    allowed = model.filter(id__in=list(row_ids), status__in=sources_of(model, to))
    return await allowed.update(status=to, **stamps)
