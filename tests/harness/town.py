"""A small town for tests of offers and tasks: Ada at risk by the lake, Ben and others who may go, Cleo who watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outreach.geo import cell_of, point_text
from outreach.models import (
    Address,
    Area,
    Category,
    Coordinator,
    EscalationPolicy,
    Offer,
    Outreach,
    Phone,
    Resident,
    Responder,
    Shift,
    Source,
    Target,
    Unit,
    Warning,
)
from outreach.policy import Policy, parse_policy

LAKE = (30.2420, 120.1480)
METRE = 1 / 111_195
"""Degrees of latitude in a metre."""

POLICY: dict[str, object] = {
    "name": "fraud_high",
    "family": "fraud",
    "severity": "high",
    "accepts": ["speech", "person_by_phone", "in_person"],
    "gives_up_after": "24h",
    "steps": [
        {"do": "visit", "after": "0s", "ask": 2, "lapse": "3m", "within": "40m"},
        {"do": "call", "after": "2m", "ask": 2, "lapse": "3m", "within": "15m"},
        {"do": "follow_up", "after": "24h", "by": "call", "within": "4h"},
    ],
}
OUTCOMES: list[dict[str, object]] = [
    {"code": "convinced", "name": {}, "reached": True, "danger_off": True, "ends": "convinced", "accurate": True},
    {"code": "not_convinced", "name": {}, "reached": True, "follow_up": "30m", "accurate": True},
    {"code": "nobody_home", "name": {}, "again_after": "20m"},
    {"code": "defrauded", "name": {}, "reached": True, "emergency": True, "follow_up": "24h", "accurate": True},
    {"code": "wrong_address", "name": {}, "wrong_place": True},
    {"code": "wrong_number", "name": {}, "wrong_number": True},
]


@dataclass
class Town:
    """What stands there before anybody is asked."""

    now: datetime
    grid: Area
    other_grid: Area
    category: Category
    ada: Resident
    outreach: Outreach
    target: Target
    cleo: Coordinator

    @property
    def policy(self) -> Policy:
        """The ladder in force."""
        return parse_policy(POLICY, "test")

    async def responder(self, number: int, metres_north: float = 100, **given: Any) -> Responder:
        """A responder on shift, vetted, trained, `metres_north` of Ada; anything may be given otherwise."""
        lat, lon = LAKE[0] + metres_north * METRE, LAKE[1]
        on_shift = given.pop("on_shift", True)
        row = {
            "name": f"Ben {number}",
            "number": f"+86139{number:08d}",
            "number_hash": f"ben{number}",
            "country": "CN",
            "languages": ["zh-CN"],
            "role": "volunteer",
            "trained": ["fraud"],
            "vetted_until": self.now + timedelta(days=30),
            "area": self.other_grid,
            "home_lat": lat,
            "home_lon": lon,
            "cell": cell_of(lat, lon),
        }
        made = await Responder.create(**{**row, **given})
        if on_shift:
            hours = {"starts_at": self.now - timedelta(hours=1), "ends_at": self.now + timedelta(hours=7)}
            await Shift.create(responder=made, **hours)
        return made

    async def offer(self, to: Responder, **given: Any) -> Offer:
        """An open offer of the visit to `to`, for three minutes."""
        row: Mapping[str, Any] = {
            "outreach": self.outreach,
            "kind": "visit",
            "responder": to,
            "step": 0,
            "reason": "nearest",
            "code": "1234",
            "offered_at": self.now,
            "lapses_at": self.now + timedelta(minutes=3),
        }
        return await Offer.create(**{**row, **given})


async def another_outreach(town: Town, number: int) -> Outreach:
    """A second person at risk in the same grid, with an outreach of their own."""
    resident = await Resident.create(name=f"Ada {number}", area=town.grid, language="zh-CN", made_at=town.now)
    return await _outreach(resident, town.category, await EscalationPolicy.get(), town.grid, town.now)


async def _outreach(ada: Resident, category: Category, policy: EscalationPolicy, grid: Area, now: datetime) -> Outreach:
    return await Outreach.create(
        resident=ada,
        family="fraud",
        category=category,
        severity="high",
        policy=policy,
        area=grid,
        opened_at=now,
        ladder_from=now,
        step_at=now,
        due_at=now + timedelta(hours=1),
    )


async def build_town(now: datetime) -> Town:
    """Ada's case stands open; nobody has been asked."""
    city = await Area.create(kind="city", code="hz", name="Hangzhou", path="/hz/")
    grid = await Area.create(kind="grid", code="g1", name="Grid 1", path="/hz/g1/", parent=city)
    other = await Area.create(kind="grid", code="g2", name="Grid 2", path="/hz/g2/", parent=city)
    category = await Category.create(code="impersonation", family="fraud", name="Impersonation", outcomes=OUTCOMES)
    policy = await EscalationPolicy.create(
        name="fraud_high", version=1, family="fraud", severity="high", body=POLICY, digest="d", made_at=now
    )
    ada = await Resident.create(name="Ada", area=grid, language="zh-CN", made_at=now)
    await Phone.create(resident=ada, number="+8613800000001", number_hash="ada", country="CN", made_at=now)
    await Address.create(resident=ada, text="Lakeside 1", point=point_text(LAKE), area=grid, made_at=now)
    unit = await Unit.create(code="bank", name="Bank", kind="bank")
    source = await Source.create(unit=unit, code="bank", name="Bank")
    warning = await Warning.create(
        source=source,
        external_id="w1",
        content_hash="h",
        category=category,
        severity="high",
        summary="A call about an account",
        detected_at=now,
        received_at=now,
    )
    outreach = await _outreach(ada, category, policy, grid, now)
    target = await Target.create(warning=warning, resident=ada, outreach=outreach, joined_at=now)
    cleo = await Coordinator.create(name="Cleo", area=city)
    return Town(now, grid, other, category, ada, outreach, target, cleo)
