"""The categories of danger: read by whoever decides or reads, put right by an admin of the whole city."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from starlette.responses import Response

from outreach.errors import CitysOnly, NotFound
from outreach.models import Category
from outreach.registry.categories import SaidCategory, put_category
from outreach.web.answers.categories import CategoriesListed, CategoryRecord
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.areas import Title
from outreach.web.registry.common import change, versioned
from outreach.web.table import ADMIN, READING, Route

Span = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?[smhd]$", max_length=12)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
TAG = re.compile(r"(?=.{2,16}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FLAGS = ("reached", "danger_off", "emergency", "wrong_place", "wrong_number")
PARTS = ("scripts", "say", "keep_back", "door")


def _by_language(given: object) -> object:
    # Before what stands under them is looked at: a refusal names the path, and must not repeat what somebody wrote.
    if isinstance(given, dict) and not all(TAG.fullmatch(str(key)) for key in given):
        raise ValueError("write each under the tag of its language, as in zh-CN")
    return given


Names = Annotated[dict[str, Title], BeforeValidator(_by_language), Field(min_length=1)]
Lines = Annotated[dict[str, Annotated[list[Line], Field(max_length=30)]], BeforeValidator(_by_language)]
Ends = Literal["", "convinced", "false_alarm", "closed"]


class OutcomeForm(Form):
    """What may be found: by language, and what follows. Spans are a number and s, m, h or d."""

    code: Key
    name: Names
    reached: bool = False
    danger_off: bool = False
    ends: Ends = ""
    follow_up: Span | None = None
    again_after: Span | None = None
    emergency: bool = False
    wrong_place: bool = False
    wrong_number: bool = False
    accurate: bool | None = None


class CategoryForm(Form):
    """What is right of a category now; no outcome that is known may be left out."""

    names: Names
    outcomes: list[OutcomeForm] = Field(min_length=1, max_length=50)
    scripts: Lines = {}
    say: Lines = {}
    keep_back: Lines = {}
    door: Lines = {}


async def categories(ask: Ask) -> Response:
    """All categories with what is said in them, by family."""
    rows = await Category.all().order_by("family", "code")
    return ask.answer({"categories": [versioned(_of(row)) for row in rows]})


async def put(ask: Ask) -> Response:
    """Put a category right, on the version that was read."""
    versions_read(ask)
    row = await Category.get_or_none(id=ask.id)
    if row is None:
        raise NotFound()
    if ask.caller.area_path is not None:
        raise CitysOnly()
    said = _said(await ask.form(CategoryForm))

    async def view() -> dict[str, Any]:
        return _of(await Category.get(id=row.id))

    language = ask.parts.settings.language
    return await change(ask, row, view, lambda: put_category(row.id, said, language, ask.now))


def _said(form: CategoryForm) -> SaidCategory:
    outcomes = [each.model_dump(include=set(OutcomeForm.model_fields), exclude_defaults=True) for each in form.outcomes]
    return SaidCategory(form.names, outcomes, form.scripts, form.say, form.keep_back, form.door)


def _of(row: Category) -> dict[str, Any]:
    told: dict[str, Any] = row.scripts
    return {
        "id": row.id,
        "code": row.code,
        "family": row.family,
        "names": told.get("names") or {},
        "outcomes": [_outcome(each) for each in row.outcomes],
        **{part: told.get(part) or {} for part in PARTS},
        "edited_at": row.edited_at,
    }


def _outcome(kept: dict[str, Any]) -> dict[str, Any]:
    said = {"code": kept["code"], "name": kept["name"], "ends": kept.get("ends", ""), "accurate": kept.get("accurate")}
    spans = {name: kept.get(name) for name in ("follow_up", "again_after")}
    return {**said, **spans, **{flag: bool(kept.get(flag)) for flag in FLAGS}}


ALL = "/api/categories"
VERSIONED: dict[str, Any] = {"needs_version": True, "gives_version": True, "shape": CategoryRecord}
ROUTES = (
    Route("GET", ALL, categories, READING, "All categories.", shape=CategoriesListed),
    Route(
        "PUT",
        f"{ALL}/{{id}}",
        put,
        (ADMIN,),
        "The category now.",
        CategoryForm,
        refuses=(CitysOnly,),
        **VERSIONED,
    ),
)
