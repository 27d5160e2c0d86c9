"""A category put right on the board: its names, what may be found, what is said; what a file says later leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models import Category
from outreach.registry.editing import fault

Words = Mapping[str, str]
Lines = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class SaidCategory:
    """What is right of a category now, each part by language; `outcomes` as in `policy.OutcomeRule`, in their order."""

    names: Words
    outcomes: Sequence[Mapping[str, Any]]
    scripts: Lines
    say: Lines
    keep_back: Lines
    door: Lines


async def put_category(category_id: UUID, said: SaidCategory, language: str, now: datetime) -> None:
    """Keep it, inside the caller's transaction; raises BadInput for outcomes that do not fit those known."""
    row = await Category.get(id=category_id)
    _refuse_unfit([str(each["code"]) for each in row.outcomes], [each["code"] for each in said.outcomes])
    told = {"names": said.names, "scripts": said.scripts}
    fresh: dict[str, Any] = {
        "name": (said.names.get(language) or said.names.get("en") or next(iter(said.names.values())))[:120],
        "outcomes": [dict(each) for each in said.outcomes],
        "scripts": told | {"say": said.say, "keep_back": said.keep_back, "door": said.door},
        "edited_at": now,
    }
    await row.update_from_dict(fresh).save(update_fields=list(fresh))


def _refuse_unfit(known: list[str], said: list[str]) -> None:
    for index, code in enumerate(said):
        if code in said[:index]:
            raise fault(f"outcomes.{index}.code", "is given twice")
    # A phone without signal may still bring it, and reports name it.
    gone = [code for code in known if code not in said]
    if gone:
        raise fault("outcomes", f"these stay: {', '.join(gone)}")
