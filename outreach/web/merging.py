"""Two residents who may be one person: compared side by side, then merged, or told apart for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import outcomes, reports
from outreach.access import in_scope
from outreach.access.looking import note_look
from outreach.errors import BadInput, FieldFault, MergedAlready, NotFound, StaleVersion
from outreach.models import Resident, Responder, Task
from outreach.models.states import LIVE_TASK
from outreach.registry import merging
from outreach.web.answers.merging import Merged, Parted, SideBySide
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.common import version_of, versioned
from outreach.web.registry.residents import record_of
from outreach.web.table import DECIDING, READING, Route


class OtherForm(Form):
    """The other resident of the two."""

    other: UUID


class MergeForm(OtherForm):
    """Who of the two is merged, and which of their values win; what the kept one lacks is taken over anyhow."""

    take: list[merging.Field] = Field([], max_length=3)


async def compare(ask: Ask) -> Response:
    """Everything known of both, and what would become of their live cases; the look at both is kept."""
    one = await _within(ask, ask.id)
    other = await _other(ask, ask.query_id("other"))
    await note_look(ask.caller, "record", [(each.id, each.area_id) for each in (one, other)], ask.now)
    view = await _view(one.id, other.id)
    version = _version(view)
    return ask.answer(view | {"version": version}, headers={"ETag": f'"{version}"'})


async def merge(ask: Ask) -> Response:
    """Let the other be this one from now on, on the version that was read."""
    read = versions_read(ask)
    kept = await _within(ask, ask.id)
    form = await ask.form(MergeForm)
    merged = await _other(ask, form.other)
    async with in_transaction():
        await merging.keep_out_warnings(kept.id, merged.id)
        await outcomes.hold_cases(kept.id, merged.id)
        await merging.lock_both(kept.id, merged.id)
        await _refuse_merged(kept.id, merged.id)
        if read != {"*"} and _version(await _view(kept.id, merged.id)) not in read:
            raise StaleVersion()
        joined = await outcomes.join_cases(kept.id, merged.id, ask.actor, ask.now)
        await merging.unite(kept.id, merged.id, form.take, ask.caller.id, ask.now)
    ask.parts.wake()
    return ask.answer({"resident_id": kept.id, "outreach_ids": joined})


async def part(ask: Ask) -> Response:
    """Keep that these are two people."""
    one = await _within(ask, ask.id)
    other = await _other(ask, (await ask.form(OtherForm)).other)
    async with in_transaction():
        await merging.part(one.id, other.id, ask.caller.id, ask.now)
    return ask.answer({"parted": True})


async def _within(ask: Ask, resident_id: UUID) -> Resident:
    row = await Resident.filter(id=resident_id).select_related("area").first()
    if row is None or not in_scope(ask.caller, row.area.path if row.area else None):
        raise NotFound()
    if row.merged_into is not None:
        raise MergedAlready(await merging.merged_by(row.id))
    return row


async def _other(ask: Ask, other_id: UUID | None) -> Resident:
    if other_id is None or other_id == ask.id:
        raise BadInput(faults=(FieldFault("other", "name the other resident of the two"),))
    return await _within(ask, other_id)


async def _refuse_merged(*ids: UUID) -> None:
    row = await Resident.filter(id__in=ids, merged_into__not_isnull=True).first()
    if row is not None:
        raise MergedAlready(await merging.merged_by(row.id))


async def _view(one_id: UUID, other_id: UUID) -> dict[str, Any]:
    return {
        "one": versioned(await record_of(one_id)),
        "other": versioned(await record_of(other_id)),
        "cases": await _cases(one_id, other_id),
        "proposed": other_id in await reports.doubles_of(one_id),
    }


def _version(view: dict[str, Any]) -> str:
    """The same whichever of the two is named first."""
    both = sorted((view["one"], view["other"]), key=lambda record: str(record["id"]))
    return version_of({"both": both, "cases": view["cases"]}).strip('"')


async def _cases(one_id: UUID, other_id: UUID) -> list[dict[str, Any]]:
    pairs = await outcomes.pairs_of(one_id, other_id)
    stay, join = {pair.stays.id for pair in pairs}, {pair.joins.id for pair in pairs}
    rows = await outcomes.live_cases(one_id, other_id)
    return [
        {
            "id": row.id,
            "resident_id": row.resident_id,
            "family": row.family,
            "severity": row.severity.value,
            "status": row.status.value,
            "on_the_way": await _on_the_way(row.id),
            "then": "stays" if row.id in stay else "joins" if row.id in join else "alone",
        }
        for row in rows
    ]


async def _on_the_way(outreach_id: UUID) -> list[str]:
    held = await Task.filter(outreach_id=outreach_id, status__in=LIVE_TASK).order_by("id")
    people = await Responder.filter(id__in=[task.responder_id for task in held]).order_by("id")
    return [row.name for row in people]


ONE = "/api/residents/{id}"
ROUTES = (
    Route(
        "GET",
        f"{ONE}/merge",
        compare,
        READING,
        "Both side by side.",
        asks={"other": "The id of the other resident."},
        gives_version=True,
        shape=SideBySide,
        refuses=(MergedAlready,),
    ),
    Route(
        "POST",
        f"{ONE}/merge",
        merge,
        DECIDING,
        "Who is kept, and the cases that became one.",
        MergeForm,
        needs_version=True,
        shape=Merged,
        refuses=(MergedAlready,),
    ),
    Route(
        "POST",
        f"{ONE}/not-same",
        part,
        DECIDING,
        "They are two.",
        OtherForm,
        shape=Parted,
        refuses=(MergedAlready,),
    ),
)
