"""One warning, in one transaction: kept, matched to its resident, and joined to the outreach; or nothing at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError

from outreach.errors import BadInput, DifferentContent, FieldFault, Refusal, UnknownCategory
from outreach.intake.cancelling import cancel, refuse_unknown_references
from outreach.intake.forms import WarningForm
from outreach.intake.joining import join
from outreach.models import Target, Warning
from outreach.models.sealing import keyed_hash
from outreach.models.states import WarningKind
from outreach.models.together import together
from outreach.policy import Rules
from outreach.registry import rules_for
from outreach.settings import Settings

AHEAD = timedelta(minutes=5)
"""How far ahead of ours a source's clock may be."""
TRIES = 10


@dataclass(frozen=True)
class Received:
    """What the source is told: the ids, and the outreach's status; `created` is False for a warning known before.

    A cancel has no target of its own: it names the first that it withdrew.
    """

    warning_id: UUID
    target_id: UUID | None
    outreach_id: UUID | None
    status: str
    created: bool


async def receive_warning(form: WarningForm, source_id: UUID, settings: Settings, now: datetime) -> Received:
    """Take in one warning; what it returns is on disk.

    Raises DifferentContent, UnknownCategory, UnknownReference, OtherResident, NeitherPhoneNorPlace, RealCaseLive, or
    BadInput.
    """
    _refuse_future(form, now)
    content = content_hash(form)
    for left in reversed(range(TRIES)):
        try:
            return await together(lambda: _receive(form, source_id, content, settings, now))
        except (IntegrityError, Refusal) as no:
            # Nearly always a warning is new: whether it was known is asked only where it could not be kept.
            known = await _known(form, source_id, content)
            if known is not None:
                return known
            # Else another request won the same unique row: its work is there now, so read again.
            if isinstance(no, Refusal) or not left:
                raise
    raise AssertionError("not reached")


async def _receive(form: WarningForm, source_id: UUID, content: str, settings: Settings, now: datetime) -> Received:
    rules = await rules_for(form.category, form.severity)
    if rules is None:
        raise UnknownCategory(faults=(FieldFault("category", "is not in the registry"),))
    await refuse_unknown_references(form, source_id)
    warning = await _keep(form, source_id, rules, content, now)
    if form.kind is WarningKind.CANCEL:
        await cancel(warning, source_id, now)
        return await _told_of(warning, created=True)
    joined = await join(warning, form, source_id, rules, settings, now)
    return Received(warning.id, joined.target.id, joined.outreach.id, joined.outreach.status.value, True)


async def _known(form: WarningForm, source_id: UUID, content: str) -> Received | None:
    known = await Warning.get_or_none(source_id=source_id, external_id=form.external_id)
    if known is None:
        return None
    if known.content_hash != content:
        raise DifferentContent()
    return await _told_of(known, created=False)


def content_hash(form: WarningForm) -> str:
    """The keyed hash of what the warning says, whatever the order of its fields or the zone of its times."""
    said = form.model_dump(mode="json", exclude_none=True)
    return keyed_hash(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _refuse_future(form: WarningForm, now: datetime) -> None:
    if form.detected_at > now + AHEAD:
        raise BadInput(faults=(FieldFault("detected_at", "lies in the future"),))


async def _keep(form: WarningForm, source_id: UUID, rules: Rules, content: str, now: datetime) -> Warning:
    return await Warning.create(
        source_id=source_id,
        external_id=form.external_id,
        content_hash=content,
        category_id=rules.category_id,
        severity=form.severity,
        kind=form.kind,
        summary=form.summary,
        detected_at=form.detected_at,
        received_at=now,
        expires_at=form.expires_at,
        exercise=form.exercise,
        references=form.references,
    )


async def _told_of(warning: Warning, *, created: bool) -> Received:
    target = await Target.filter(warning_id=warning.id).select_related("outreach").first()
    if target is None and warning.references:
        about = Target.filter(warning__source_id=warning.source_id, warning__external_id__in=warning.references)
        target = await about.select_related("outreach").order_by("joined_at", "id").first()
    if target is None:
        return Received(warning.id, None, None, "received", created)
    return Received(warning.id, target.id, target.outreach.id, target.outreach.status.value, created)
