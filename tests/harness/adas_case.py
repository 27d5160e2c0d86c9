"""Ada's live outreach, tries to reach her, and an offer to Ben: made straight in the tables, for tests of one room."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import outreach
from outreach.models import (
    Area,
    Attempt,
    Category,
    EscalationPolicy,
    Offer,
    Outreach,
    Phone,
    Resident,
    Responder,
    Source,
    Target,
    Unit,
    Warning,
)
from outreach.models.sealing import keyed_hash
from outreach.models.states import Channel

ADA, BEN = "+447700900123", "+447700900456"
POLICIES = Path(outreach.__file__).parent / "policies"


async def an_outreach(now: datetime, policy: str = "fraud_high", number: str = ADA, **given: Any) -> Outreach:
    """Ada's live outreach under a shipped policy, with one target from a source (`given` are its fields)."""
    body = yaml.safe_load((POLICIES / f"{policy}.yaml").read_text())
    area = await Area.create(kind="grid", code="g1", name="Grid One", path="/g1/")
    unit = await Unit.create(code="bank", name="Bank", kind="bank")
    source = await Source.create(unit=unit, code="bank-1", name="Bank One", **given)
    category = await Category.create(code="impersonation", family=body["family"], name="Impersonation")
    ladder = await EscalationPolicy.create(
        name=policy, version=1, family=body["family"], severity=body["severity"], body=body, digest="d", made_at=now
    )
    ada = await Resident.create(name="Ada", language="en", area=area, made_at=now)
    country = "GB" if number.startswith("+44") else "CN"
    await Phone.create(resident=ada, number=number, number_hash=keyed_hash(number), country=country, made_at=now)
    warning = await Warning.create(
        source=source, external_id="w1", content_hash="h", category=category, severity=body["severity"],
        summary="…", detected_at=now, received_at=now,
    )  # fmt: skip
    case = await Outreach.create(
        resident=ada, family=body["family"], category=category, severity=body["severity"], policy=ladder, area=area,
        opened_at=now, ladder_from=now, step_at=now, due_at=now + timedelta(hours=1),
    )  # fmt: skip
    await Target.create(warning=warning, resident=ada, outreach=case, joined_at=now)
    return case


async def an_attempt(case: Outreach, now: datetime, channel: Channel = Channel.SMS, **given: Any) -> Attempt:
    """One queued try to reach Ada."""
    phone = await Phone.get(resident_id=case.resident_id)
    fields = {"step": 0, "text_key": "warned", "queued_at": now, "send_after": now} | given
    return await Attempt.create(outreach=case, channel=channel, phone=phone, **fields)


async def ben(now: datetime, number: str = BEN) -> Responder:
    """Ben, a volunteer of Ada's grid."""
    area = await Area.get(code="g1")
    return await Responder.create(
        name="Ben", number=number, number_hash=keyed_hash(number), country="GB", language="en", role="volunteer",
        area=area, home_lat=30.2, home_lon=120.1, cell=1, capacity=1,
    )  # fmt: skip


async def an_offer(case: Outreach, responder: Responder, now: datetime, **given: Any) -> Offer:
    """Ben is asked to visit Ada."""
    fields = {"kind": "visit", "step": 2, "reason": "nearest", "code": "B7", "travel_s": 300.0} | given
    return await Offer.create(
        outreach=case, responder=responder, offered_at=now, lapses_at=now + timedelta(minutes=3), **fields
    )
