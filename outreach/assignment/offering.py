"""Asking: offers up to as many as the step wants, each with its word in the same transaction, and their lapsing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.assignment.apart import PUT_OFF, apart
from outreach.assignment.ranking import Candidate, rank
from outreach.assignment.sieving import Shortage
from outreach.assignment.telling import take_back_word, tell
from outreach.assignment.wanting import want_of
from outreach.models import Event, Offer, Outreach, Task
from outreach.models.moves import move
from outreach.models.states import LIVE_TASK, OfferStatus, Severity, TaskKind
from outreach.outcomes import SYSTEM, look_at, note_event, policy_of
from outreach.policy import Step
from outreach.settings import Settings


@dataclass(frozen=True)
class Asked:
    """Offers just made, when the first open one lapses (None: none is open), and the shortage if nobody could be."""

    offers: tuple[Offer, ...] = ()
    until: datetime | None = None
    shortage: Shortage | None = None


async def offer_step(outreach: Outreach, step: Step, settings: Settings, now: datetime) -> Asked:
    """Top up the open offers to what `step` asks for, none while somebody holds the task; the outreach is locked."""
    kind = TaskKind(step.task_kind)
    async with in_transaction():
        if await Task.filter(outreach_id=outreach.id, kind=kind, status__in=LIVE_TASK).exists():
            return Asked()
        asked = Offer.filter(outreach_id=outreach.id, kind=kind, status=OfferStatus.OFFERED, lapses_at__gt=now)
        open_now = await asked
        best, shortage = await rank(await want_of(outreach, step), settings, now, step.ask - len(open_now))
        index = await _index_of(outreach, step)
        made = [await _offer(outreach, step, index, candidate, now) for candidate in best]
        if open_now or shortage is None:
            return Asked(tuple(made), min((offer.lapses_at for offer in (*open_now, *made)), default=None))
        await _note_shortage(outreach, kind, shortage, now)
        return Asked(shortage=shortage)


async def _offer(outreach: Outreach, step: Step, index: int, candidate: Candidate, now: datetime) -> Offer:
    offer = await Offer.create(
        outreach_id=outreach.id,
        kind=TaskKind(step.task_kind),
        responder_id=candidate.responder_id,
        round=outreach.round,
        step=index,
        distance_m=candidate.distance_m,
        travel_s=candidate.travel_s,
        reason=candidate.reason,
        code=await free_code(candidate.responder_id),
        offered_at=now,
        lapses_at=now + step.lapse,
    )
    await tell(offer, "offer", now, urgent=outreach.severity is Severity.HIGH)
    figures = {"distance_m": _whole(candidate.distance_m), "travel_s": _whole(candidate.travel_s)}
    ids = {"offer_id": str(offer.id), "responder_id": str(candidate.responder_id)}
    data: dict[str, object] = {"task_kind": step.task_kind, "reason": candidate.reason, **ids, **figures}
    await note_event(outreach.id, "offered", now, now, SYSTEM, None, **data)
    return offer


def _whole(figure: float | None) -> int | None:
    return None if figure is None else round(figure)


async def free_code(responder_id: UUID) -> str:
    """Four digits that name no other open offer of this responder."""
    open_now = Offer.filter(responder_id=responder_id, status=OfferStatus.OFFERED)
    taken = {str(code) for (code,) in await open_now.values_list("code")}
    free = [code for code in map(str, range(1000, 10_000)) if code not in taken]
    return secrets.choice(free)


async def _index_of(outreach: Outreach, step: Step) -> int:
    steps = (await policy_of(outreach)).steps
    return steps.index(step) if step in steps else max(outreach.step, 0)


async def _note_shortage(outreach: Outreach, kind: TaskKind, shortage: Shortage, now: datetime) -> None:
    told = Event.filter(outreach_id=outreach.id, kind__in=["shortage", "offered"]).order_by("-seq")
    said: dict[str, object] = {"task_kind": kind.value, "name": shortage.value}
    for last in await told.limit(10):
        if last.data.get("task_kind") == kind.value:
            if last.kind == "shortage" and last.data == said:
                return
            break
    await note_event(outreach.id, "shortage", now, now, SYSTEM, None, **said)


async def lapse_due(now: datetime, limit: int = 200) -> int:
    """Let offers lapse whose time is over, at most `limit`, and bring the ladder at once; answers how many lapsed."""
    due = Offer.filter(status=OfferStatus.OFFERED, lapses_at__lte=now).order_by("lapses_at").limit(limit)
    by_outreach: dict[UUID, list[UUID]] = {}
    for offer_id, outreach_id in await due.values_list("id", "outreach_id"):
        by_outreach.setdefault(outreach_id, []).append(offer_id)
    return sum([await _lapse_apart(outreach_id, ids, now) for outreach_id, ids in by_outreach.items()])


async def _lapse_apart(outreach_id: UUID, offer_ids: list[UUID], now: datetime) -> int:
    still_open = Offer.filter(id__in=offer_ids, status=OfferStatus.OFFERED)
    return await apart(
        outreach_id,
        lambda: _lapse(outreach_id, offer_ids, now),
        lambda: still_open.update(lapses_at=now + PUT_OFF),
    )


async def _lapse(outreach_id: UUID, offer_ids: list[UUID], now: datetime) -> int:
    lapsed = 0
    async with in_transaction():
        await Outreach.select_for_update(no_key=True).get(id=outreach_id)
        for offer in await Offer.filter(id__in=offer_ids):
            if await move(Offer, offer.id, OfferStatus.LAPSED, settled_at=now):
                lapsed += 1
                await take_back_word(offer.id)
                data = {"offer_id": str(offer.id), "responder_id": str(cast(Any, offer).responder_id)}
                said = {"task_kind": offer.kind.value, **data}
                await note_event(outreach_id, "lapsed", offer.lapses_at, now, SYSTEM, None, **said)
        if lapsed:
            await look_at(outreach_id, now)
    return lapsed
