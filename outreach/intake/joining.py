"""A warning joins its resident's outreach: who, where, and what is still missing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import FieldFault, NeitherPhoneNorPlace
from outreach.intake.cancelling import refuse_somebody_else
from outreach.intake.forms import ResidentForm, WarningForm
from outreach.models import Notice, Warning
from outreach.outcomes import Joined, note_event, open_or_join, tell_board
from outreach.policy import Rules
from outreach.registry import Given, find_or_make_resident, phone_of
from outreach.settings import Settings

MISSING = "place_missing"


async def join(
    warning: Warning, form: WarningForm, source_id: UUID, rules: Rules, settings: Settings, now: datetime
) -> Joined:
    """Find or make the resident and join the outreach; a coordinator is asked to locate whoever cannot be visited."""
    assert form.resident is not None
    given = _given(form.resident, settings.country)
    matched = await find_or_make_resident(source_id, given, now)
    await refuse_somebody_else(form, source_id, matched.resident.id)
    if not (matched.has_phone or matched.has_place):
        raise NeitherPhoneNorPlace(
            faults=(
                FieldFault("resident.phone", "no phone is given or known"),
                FieldFault("resident.address", "no address or location is given or known"),
            )
        )
    also = () if matched.placed else (MISSING,)
    joined = await open_or_join(warning, matched.resident, rules, now, stranger=matched.made, also=also)
    if not matched.placed:
        await _ask_to_locate(joined, now)
    return joined


def _given(form: ResidentForm, country: str) -> Given:
    return Given(
        id=form.id,
        external_id=form.external_id,
        phone=phone_of(form.phone, country, "resident.phone") if form.phone else None,
        name=form.name,
        language=form.language,
        address=form.address,
        point=(form.location.lat, form.location.lon) if form.location else None,
    )


async def _ask_to_locate(joined: Joined, now: datetime) -> None:
    outreach = joined.outreach
    if not joined.opened and await Notice.exists(outreach_id=outreach.id, kind="locate", seen_at__isnull=True):
        return
    if not joined.opened:
        await note_event(outreach.id, MISSING, now, now)
    await tell_board("locate", outreach.id, now)
