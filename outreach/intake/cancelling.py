"""A source takes warnings back, or adds to them: only its own, and only those it sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import FieldFault, UnknownReference
from outreach.intake.forms import WarningForm
from outreach.models import Target, Warning
from outreach.models.states import WarningKind
from outreach.outcomes import Actor, withdraw_target

REASON = "cancelled_by_source"
UNKNOWN, OR_ALERT = "was never received from this source", ": send this as an alert"


async def refuse_unknown_references(form: WarningForm, source_id: UUID) -> None:
    """Raises UnknownReference naming each reference that this source never sent."""
    if not form.references:
        return
    sent = Warning.filter(source_id=source_id, external_id__in=form.references)
    known: set[object] = {row["external_id"] for row in await sent.values("external_id")}
    missing = [index for index, reference in enumerate(form.references) if reference not in known]
    if missing:
        reason = UNKNOWN + (OR_ALERT if form.kind is WarningKind.UPDATE else "")
        raise UnknownReference(faults=tuple(FieldFault(f"references.{index}", reason) for index in missing))


async def cancel(warning: Warning, source_id: UUID, now: datetime) -> None:
    """Withdraw every live target of the warnings referenced; whoever is on the way is told."""
    referenced = Target.filter(warning__source_id=source_id, warning__external_id__in=warning.references)
    # In the order of their outreaches, so that two cancels at once wait for each other instead of locking up.
    for target in await referenced.filter(ended_at__isnull=True).order_by("outreach_id", "id"):
        fresh = await Target.get(id=target.id)
        await withdraw_target(fresh, REASON, now, Actor("source", source_id))
