"""The city moves into an empty database: what an operator imports and hands out before the first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tortoise.transactions import in_transaction

from outreach.access import issue_token, phoned_in
from outreach.errors import MisSet
from outreach.models import Area, Coordinator, EscalationPolicy, Responder, Shift, Source, Unit
from outreach.models.states import Severity, TokenKind
from outreach.policy import parse_policy
from outreach.registry import Kind, import_rows, policy_for
from outreach.rehearsal.loading import City

COUNTRY = "US"
"""The invented numbers are of the range kept free for fiction there."""
SHIFT = timedelta(hours=24)
MORNING = 10
FAMILIES = ("fraud", "welfare")


@dataclass(frozen=True)
class Staged:
    """Tokens by the source's code and the responder's external id, the coordinator's, and the policies' words.

    `steps` are what each policy does in turn, by its name; `accepts` the evidence that counts, by family and severity.
    """

    sources: dict[str, str]
    responders: dict[str, str]
    cleo: str
    steps: dict[str, tuple[str, ...]]
    accepts: dict[tuple[str, str], frozenset[str]]


async def stage(city: City, start: datetime) -> Staged:
    """Bring in areas, residents and responders, give all a shift, and everybody who asks the API a token."""
    await _import(city, start)
    await Area.all().update(time_zone=morning_zone(start))
    async with in_transaction():
        responders = await _put_on_duty(start)
        sources = {code: await _source(code, start) for code in city.sources}
        cleo = await Coordinator.create(name="Cleo", source=await phoned_in(None))
        token = await issue_token(TokenKind.COORDINATOR, cleo.id, start)
    return Staged(sources, responders, token, await _steps(), await _accepts())


def morning_zone(at: datetime) -> str:
    """The zone in which it is mid-morning: the rehearsal is the same at every hour, contact hours or not."""
    ahead = (MORNING - at.hour + 12) % 24 - 12
    # The names of these zones count westwards.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


async def _import(city: City, start: datetime) -> None:
    files: dict[Kind, Path] = {"areas": city.areas, "residents": city.residents, "responders": city.responders}
    for kind, file in files.items():
        report = await import_rows(kind, file, apply=True, now=start, country=COUNTRY)
        if report.bad:
            raise MisSet(f"The city's {kind}: {len(report.bad)} rows were refused.")


async def _put_on_duty(start: datetime) -> dict[str, str]:
    known = await Responder.all().only("id", "external_id")
    hours = {"starts_at": start - timedelta(hours=1), "ends_at": start + SHIFT}
    await Shift.bulk_create([Shift(responder_id=each.id, **hours) for each in known])
    return {str(each.external_id): await issue_token(TokenKind.RESPONDER, each.id, start) for each in known}


async def _source(code: str, start: datetime) -> str:
    name = code.replace("-", " ").capitalize()
    unit = await Unit.create(code=code, name=name, kind=code.rpartition("-")[2])
    made = await Source.create(unit=unit, code=code, name=name)
    return await issue_token(TokenKind.SOURCE, made.id, start)


async def _steps() -> dict[str, tuple[str, ...]]:
    kept = await EscalationPolicy.all().order_by("version")
    return {row.name: tuple(step.do for step in parse_policy(row.body, row.name).steps) for row in kept}


async def _accepts() -> dict[tuple[str, str], frozenset[str]]:
    found = {(family, s.value): await policy_for(family, s) for family in FAMILIES for s in Severity}
    return {key: frozenset(parse_policy(row.body, row.name).accepts) for key, row in found.items()}
