"""What a responder sees: the offers they may take and the tasks they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.errors import NotFound
from outreach.models import CheckIn, Offer, Task
from outreach.models.states import LIVE_TASK, CheckInKind, OfferStatus


async def live_tasks(responder_id: UUID) -> list[Task]:
    """The tasks this responder holds, the oldest first, each with its outreach, category and area."""
    held = Task.filter(responder_id=responder_id, status__in=LIVE_TASK)
    return await held.order_by("accepted_at", "id").prefetch_related("outreach__category", "outreach__area")


async def own_task(task_id: UUID, responder_id: UUID) -> Task:
    """A task this responder holds or held, with its outreach, category and area; raises NotFound."""
    mine = Task.filter(id=task_id, responder_id=responder_id)
    task = await mine.prefetch_related("outreach__category", "outreach__area").first()
    if task is None:
        raise NotFound
    return task


async def open_offers(responder_id: UUID, now: datetime) -> list[Offer]:
    """The offers this responder may still take, the newest first, with outreach, category and area."""
    asked = Offer.filter(responder_id=responder_id, status=OfferStatus.OFFERED, lapses_at__gt=now)
    return await asked.order_by("-offered_at", "id").prefetch_related("outreach__category", "outreach__area")


async def seen(offer_id: UUID, responder_id: UUID, now: datetime) -> datetime:
    """The phone has shown this offer: when it first did; raises NotFound for another's."""
    mine = Offer.filter(id=offer_id, responder_id=responder_id)
    await mine.filter(seen_at__isnull=True).update(seen_at=now)
    # What is on the screen has come, whatever the provider said of the text.
    await mine.filter(delivered_at__isnull=True).update(delivered_at=now)
    found = await mine.first()
    if found is None or found.seen_at is None:
        raise NotFound
    return found.seen_at


@dataclass(frozen=True)
class Ended:
    """How a task ended `at`, for `why`: with `outcome` where its holder said one; `taken_by` has it now.

    `status` and `end_state` are the outreach's.
    """

    at: datetime
    why: str
    outcome: str | None
    taken_by: str | None
    status: str
    end_state: str | None


async def how_it_ended(task: Task) -> Ended | None:
    """What became of a task (with its outreach fetched) that is over; None while it is held."""
    if task.closed_at is None:
        return None
    said = await CheckIn.filter(task_id=task.id, kind=CheckInKind.OUTCOME).order_by("-received_at").first()
    outreach, other = task.outreach, await _next_holder(task)
    state = outreach.end_state.value if outreach.end_state else None
    outcome = said.outcome if said else None
    return Ended(task.closed_at, task.close_reason or "", outcome, other, outreach.status.value, state)


async def _next_holder(task: Task) -> str | None:
    later = Task.filter(outreach_id=task.outreach_id, kind=task.kind, status__in=LIVE_TASK)
    found = await later.exclude(responder_id=task.responder_id).select_related("responder").first()
    return found.responder.name if found else None
