"""Small known histories, written as rows: who was warned when, and what became of it, in minutes after `now`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from outreach.models import (
    Area,
    Attempt,
    Category,
    EscalationPolicy,
    Event,
    Offer,
    Outreach,
    Phone,
    Resident,
    Responder,
    Source,
    Target,
    Task,
    Unit,
    Warning,
)


@dataclass
class History:
    """A city of two districts, one bank and one telecom, one category and its policy."""

    now: datetime
    mark: str = ""
    """Before every code, where others stand in the same database."""
    areas: dict[str, Area] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)
    category: Any = None
    policy: Any = None
    ben: Any = None

    def at(self, minutes: float | None) -> datetime | None:
        """The moment that many minutes after `now`."""
        return None if minutes is None else self.now + timedelta(minutes=minutes)

    async def begin(self) -> History:
        """Write what every warning needs."""
        m = self.mark
        city = await Area.create(kind="city", code=f"{m}hz", name="Hangzhou", path=f"/{m}hz/")
        for code in ("xh", "gs"):
            place = {"code": f"{m}{code}", "path": f"/{m}hz/{m}{code}/"}
            self.areas[code] = await Area.create(parent=city, kind="district", name=code, **place)
        unit = await Unit.create(code=f"{m}bank", name="Bank", kind="bank")
        for code in ("bank", "telecom"):
            self.sources[code] = await Source.create(unit=unit, code=f"{m}{code}", name=code)
        self.category = await Category.create(code=f"{m}fraud.call", family="fraud", name="Fraud call")
        self.policy = await EscalationPolicy.create(
            name=f"{m}fraud_high", version=3, family="fraud", severity="high", body={}, digest="d", made_at=self.now
        )
        self.ben = await Responder.create(
            name="Ben", number="+8613700000001", number_hash=f"{m}b", country="CN", role="volunteer", area=city,
            home_lat=30.0, home_lon=120.0, cell=1,
        )  # fmt: skip
        return self

    async def resident(self, area: str = "xh") -> Resident:
        """Ada, or one like her."""
        return await Resident.create(name="Ada Lovelace", area=self.areas[area], made_at=self.now)

    async def target(
        self,
        received: float = 0,
        *,
        detected: float | None = None,
        contacted: float | None = None,
        reached: float | None = None,
        by: str = "sms",
        role: str | None = None,
        convinced: float | None = None,
        ended: float | None = None,
        state: str = "unreached",
        told: float | None = None,
        severity: str = "high",
        source: str = "bank",
        area: str = "xh",
        exercise: bool = False,
        outreach: Outreach | None = None,
        external_id: str | None = None,
    ) -> Target:
        """One warning of one resident with these minutes; a new outreach unless one is given."""
        given = self.at(received)
        assert given is not None
        resident = await outreach.resident if outreach else await self.resident(area)
        warning = await Warning.create(
            source=self.sources[source], external_id=external_id or f"w{next(self.numbers)}", content_hash="h",
            category=self.category, severity=severity, summary="on the line with a stranger",
            detected_at=self.at(received - 1 if detected is None else detected), received_at=given, exercise=exercise,
        )  # fmt: skip
        over = {"ended_at": self.at(ended), "end_state": state if ended is not None else None}
        case = outreach or await Outreach.create(
            resident=resident, family="fraud", category=self.category, severity=severity, policy=self.policy,
            area=self.areas[area], exercise=exercise, opened_at=given, ladder_from=given, step_at=given,
            status="ended" if ended is not None else "open", due_at=given if ended is None else None, **over,
        )  # fmt: skip
        return await Target.create(
            warning=warning, resident=resident, outreach=case, joined_at=given,
            contacted_at=self.at(reached if contacted is None else contacted), reached_at=self.at(reached),
            reached_by=by if reached is not None else None, reached_role=role,
            reached_evidence="key" if reached is not None else None, convinced_at=self.at(convinced),
            told_at=self.at(told), **over,
        )  # fmt: skip

    async def attempt(self, target: Target, sent: float, delivered: float | None = None) -> Attempt:
        """A text to the target's resident."""
        return await Attempt.create(
            outreach_id=target.outreach_id, channel="sms", step=0, text_key="fraud",
            status="sent" if delivered is None else "delivered", queued_at=self.at(sent), send_after=self.at(sent),
            sent_at=self.at(sent), delivered_at=self.at(delivered),
        )  # fmt: skip

    async def visit(self, target: Target, offered: float, accepted: float, arrived: float | None = None) -> Task:
        """Ben is offered the visit, takes it, and arrives."""
        offer = await Offer.create(
            outreach_id=target.outreach_id, kind="visit", responder=self.ben, step=1, status="accepted", reason="near",
            code="7", offered_at=self.at(offered), lapses_at=self.at(offered + 5), settled_at=self.at(accepted),
        )  # fmt: skip
        return await Task.create(
            outreach_id=target.outreach_id, kind="visit", responder=self.ben, offer=offer,
            due_at=self.at(accepted + 30), status="accepted" if arrived is None else "arrived",
            accepted_at=self.at(accepted), arrived_at=self.at(arrived),
        )  # fmt: skip

    async def event(self, target: Target, kind: str, minutes: float = 0, **data: object) -> Event:
        """A line of the target's timeline."""
        at = self.at(minutes)
        return await Event.create(
            outreach_id=target.outreach_id, target=target, kind=kind, at=at, recorded_at=at, data=data
        )

    async def phone(self, resident: Resident, number: str) -> Phone:
        """A phone of the resident's."""
        return await Phone.create(resident=resident, number=number, number_hash="p", country="CN", made_at=self.now)
