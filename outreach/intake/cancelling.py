"""A source takes warnings back, or adds to them: only its own, and only those it sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from outreach.errors import FieldFault, OtherResident, UnknownReference
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


async def refuse_somebody_else(form: WarningForm, source_id: UUID, resident_id: UUID) -> None:
    """Raises OtherResident naming each reference of an update that is about somebody else than this resident."""
    if form.kind is not WarningKind.UPDATE:
        return
    about = Target.filter(warning__source_id=source_id, warning__external_id__in=form.references)
    elsewhere = await about.exclude(resident_id=resident_id).values("warning__external_id")
    others = {row["warning__external_id"] for row in elsewhere}
    wrong = [index for index, reference in enumerate(form.references) if reference in others]
    if wrong:
        reason = "is about another resident" + OR_ALERT
        raise OtherResident(faults=tuple(FieldFault(f"references.{index}", reason) for index in wrong))


async def cancel(warning: Warning, source_id: UUID, now: datetime) -> None:
    """Withdraw every live target of the warnings referenced, and of their updates; whoever is on the way is told."""
    of_source = Target.filter(warning__source_id=source_id)
    about = await of_source.filter(warning__external_id__in=warning.references).values_list("resident_id", flat=True)
    live = of_source.filter(ended_at__isnull=True, resident_id__in=set(about)).select_related("warning")
    # In the order of their outreaches, so that two cancels at once wait for each other instead of locking up.
    targets = await live.order_by("outreach_id", "id")
    taken = _with_updates(warning.references, [target.warning for target in targets])
    for target in targets:
        if target.warning.external_id in taken:
            fresh = await Target.get(id=target.id)
            await withdraw_target(fresh, REASON, now, Actor("source", source_id))


def _with_updates(named: Sequence[str], live: Sequence[Warning]) -> set[str]:
    """The warnings named, and each live update that says more of them and of no other live warning, and so on."""
    taken = set(named)
    while True:
        others = {each.external_id for each in live} - taken
        more = {
            each.external_id
            for each in live
            if each.kind is WarningKind.UPDATE
            and each.external_id in others
            and not taken.isdisjoint(each.references)
            and others.isdisjoint(each.references)
        }
        if not more:
            return taken
        taken |= more
