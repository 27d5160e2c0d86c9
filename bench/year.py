"""A city's history as rows: what the product keeps of each case (warning, target, outreach, attempt, offer, task)."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.models import Area, Category, EscalationPolicy, Resident, Responder, Source, Unit

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
YEAR = timedelta(days=365)
DISTRICTS, STREETS, GRIDS, CATEGORIES, UNITS, RESPONDERS, RESIDENTS = 5, 10, 10, 8, 44, 300, 5000
"""500 grids, as many units as the city of the story has, and eight kinds of danger."""
AT_ONCE = 20_000
COLUMNS = {
    "warning": (
        "id external_id content_hash severity kind summary detected_at received_at exercise references"
        " category_id source_id"
    ),
    "outreach": (
        "id resident_id family category_id severity policy_id area_id exercise status opened_at ladder_from round step"
        " tries step_at due_at evidence contacted_at reached_at convinced_at ended_at end_state version"
    ),
    "target": (
        "id warning_id resident_id outreach_id joined_at contacted_at reached_at reached_by reached_evidence"
        " convinced_at accurate ended_at end_state end_reason told_at contacted_by"
    ),
    "attempt": (
        "id status queued_at send_after sent_at delivered_at tries outreach_id channel round step try_no text_key"
        " urgent number"
    ),
    "offer": "id outreach_id kind responder_id round step status reason code offered_at lapses_at settled_at",
    "task": "id outreach_id kind responder_id offer_id status accepted_at arrived_at closed_at due_at close_reason",
}
Row = tuple[Any, ...]


@dataclass(frozen=True)
class City:
    """The ids that a case refers to; `policies` are by severity, the older one first."""

    grids: list[UUID]
    categories: list[tuple[UUID, str]]
    sources: list[UUID]
    policies: dict[str, list[UUID]]
    residents: list[UUID]
    responders: list[UUID]


async def found(now: datetime) -> City:
    """Write the city into the open, empty database."""
    grids = await _areas()
    names = [(f"fraud.{n}", "high" if n % 2 else "medium") for n in range(CATEGORIES)]
    categories = [Category(code=code, family="fraud", name=code) for code, _ in names]
    await Category.bulk_create(categories)
    units = [await Unit.create(code=f"u{n}", name=f"Unit {n}", kind="bank") for n in range(UNITS)]
    sources = [Source(unit=unit, code=unit.code, name=unit.name) for unit in units]
    await Source.bulk_create(sources)
    policies = {severity: [await _policy(severity, n, now) for n in (1, 2)] for severity in ("high", "medium")}
    residents = [Resident(area=grids[n % len(grids)], made_at=now) for n in range(RESIDENTS)]
    await Resident.bulk_create(residents, batch_size=500)
    responders = [await _responder(n, grids[n % len(grids)]) for n in range(RESPONDERS)]
    kinds = [(UUID(str(category.id)), severity) for category, (_, severity) in zip(categories, names, strict=True)]
    return City(_ids(grids), kinds, _ids(sources), policies, _ids(residents), responders)


def _ids(rows: Any) -> list[UUID]:
    return [UUID(str(row.id)) for row in rows]


async def _areas() -> list[Area]:
    city = await Area.create(kind="city", code="c", name="City", path="/c/", time_zone=ZONE.key)
    grids: list[Area] = []
    for d in range(DISTRICTS):
        district = await Area.create(kind="district", code=f"d{d}", name=f"D{d}", path=f"/c/d{d}/", parent=city)
        for s in range(STREETS):
            code = f"d{d}s{s}"
            street = await Area.create(
                kind="street", code=code, name=code, path=f"{district.path}{code}/", parent=district
            )
            for g in range(GRIDS):
                code = f"d{d}s{s}g{g}"
                made = await Area.create(kind="grid", code=code, name=code, path=f"{street.path}{code}/", parent=street)
                grids.append(made)
    return grids


async def _policy(severity: str, version: int, now: datetime) -> UUID:
    body: dict[str, Any] = {
        "name": f"fraud_{severity}",
        "version": version,
        "family": "fraud",
        "severity": severity,
        "body": {},
    }
    return _ids([await EscalationPolicy.create(**body, digest=f"{severity}{version}", made_at=now)])[0]


async def _responder(n: int, area: Area) -> UUID:
    given: dict[str, Any] = {
        "name": "R",
        "number": f"+8613{n:09}",
        "number_hash": f"r{n}",
        "country": "CN",
        "role": "volunteer",
    }
    return _ids([await Responder.create(**given, area=area, home_lat=30.0, home_lon=120.0, cell=1)])[0]


def cases(city: City, number: int, chance: random.Random, span: timedelta = YEAR) -> Iterator[dict[str, list[Row]]]:
    """So many cases over the time before NOW, the oldest first, as rows of each table, in portions."""
    portion: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for n in range(number):
        at = NOW - span + span * (n / number) + timedelta(seconds=chance.random() * span.total_seconds() / number)
        _case(portion, city, n, at, chance)
        if len(portion["target"]) == AT_ONCE:
            yield portion
            portion = {table: [] for table in COLUMNS}
    yield portion


def _case(rows: dict[str, list[Row]], city: City, n: int, at: datetime, chance: random.Random) -> None:
    """One that is told as most are: a text, half of them a visit; seven of ten reached, the last hours still open."""
    category, severity = chance.choice(city.categories)
    policy = city.policies[severity][at > NOW - YEAR / 2]
    resident, responder = city.residents[n % RESIDENTS], chance.choice(city.responders)
    visited = chance.random() < 0.5
    minutes = chance.expovariate(1 / 25)
    ends, reached = at + timedelta(minutes=chance.uniform(40, 2000)), at + timedelta(minutes=minutes)
    told = Told(
        ends if ends < NOW - timedelta(minutes=11) else None,
        reached if chance.random() < 0.7 and reached < min(ends, NOW) else None,
        "visit" if visited else "sms",
        chance.random() < 0.8,
    )
    grid, source = chance.choice(city.grids), chance.choice(city.sources)
    warning, outreach, target, offer, attempt, task = (_id(at, n, part) for part in range(6))
    said = (warning, f"w{n}", "h", severity, "alert", "s", at, at, False, "[]", category, source)
    rows["warning"].append(said)
    # Only one outreach of a resident may be live: those still open are of other families.
    kind = (outreach, resident, "fraud" if told.ended else f"f{n}", category, severity, policy, grid, False)
    rows["outreach"].append((*kind, *told.outreach(at)))
    rows["target"].append((target, warning, resident, outreach, at, *told.target()))
    sent = at + timedelta(seconds=5)
    text = (attempt, "delivered", at, at, sent, sent + timedelta(seconds=4), 1, outreach, "sms", 1, 0, 1, "first", 0, 1)
    rows["attempt"].append(text)
    if visited:
        offered, accepted = at + timedelta(minutes=minutes / 4), at + timedelta(minutes=minutes / 2)
        taken = (offer, outreach, "visit", responder, 1, 1, "accepted", "near", "7", offered, ends, accepted)
        rows["offer"].append(taken)
        visit = (task, outreach, "visit", responder, offer, "closed", accepted, told.reached, ends, ends, "done")
        rows["task"].append(visit)


@dataclass(frozen=True)
class Told:
    """What became of a case: when it ended and when they were reached (None: not), how, and whether convinced."""

    ended: datetime | None
    reached: datetime | None
    by: str
    believed: bool

    @property
    def convinced(self) -> datetime | None:
        """When they were convinced."""
        return self.reached if self.believed else None

    @property
    def state(self) -> str | None:
        """How it ended."""
        return ("convinced" if self.convinced else "unreached") if self.ended else None

    def outreach(self, at: datetime) -> Row:
        """The columns of its outreach from `status` on."""
        moments = (self.reached, self.reached, self.convinced, self.ended, self.state, 1)
        return ("ended" if self.ended else "open", at, at, 1, 1, 0, at, None if self.ended else at, "[]", *moments)

    def target(self) -> Row:
        """The columns of its target from `contacted_at` on."""
        by, proof = (self.by, "in_person") if self.reached else (None, None)
        why = "time_ran_out" if self.state == "unreached" else None
        ends = (self.convinced, True, self.ended, self.state, why, self.reached, by)
        return (self.reached, self.reached, by, proof, *ends)


def _id(at: datetime, n: int, part: int) -> UUID:
    """As a UUIDv7 is made: by time, and then different."""
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | (n << 4) | part)


class SqliteFile:
    """Where a year is written on the embedded engine."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"sqlite:///{path}"

    async def write(self, portions: Iterator[dict[str, list[Row]]]) -> None:
        """Write the portions as they come, in one transaction each."""
        into = sqlite3.connect(self.path)
        into.execute("PRAGMA synchronous=OFF")
        sqlite3.register_adapter(UUID, str)
        sqlite3.register_adapter(datetime, lambda at: at.isoformat(" "))
        for portion in portions:
            for table, rows in portion.items():
                names = COLUMNS[table].split()
                quoted = ", ".join(f'"{name}"' for name in names)
                into.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({', '.join('?' * len(names))})", rows)
            into.commit()
        into.execute("ANALYZE")
        into.close()
