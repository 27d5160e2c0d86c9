"""Keeping the rollups: an hour is read anew from its rows and put in the place of what was there before.

The only writing of this room, and of nothing but rollups. Whoever rolls reads first and writes in a transaction of
its own, which is given up when another wrote meanwhile: four at once do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from outreach.models import ResponderDay, Rollup, RollupHour, RollupMark, RollupState, Warning
from outreach.models.statements import fetch, moment_in
from outreach.reports.facts import Wanted, read_facts
from outreach.reports.gathering import marked_hours, rolled_hours
from outreach.reports.packing import Tally
from outreach.reports.responders import roll_days
from outreach.reports.spans import hour_in, hours_between, joined
from outreach.reports.storing import replace_hours
from outreach.reports.tallying import Kind, tally_kinds

SETTLING = timedelta(minutes=10)
"""What ended so long ago is on disk: no transaction takes that long to commit."""
AT_ONCE = 12
"""Hours that share a transaction; SQLite has one writer, and warnings wait for it."""
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
ENDED = (
    "SELECT DISTINCT w.received_at AS at FROM target t JOIN warning w ON w.id = t.warning_id"
    " WHERE t.ended_at > $1 AND t.ended_at <= $2"
)


async def roll(now: datetime, zone: ZoneInfo) -> int:
    """Bring the rollups up to date: hours in which something ended or changed, then those never rolled.

    Answers how many hours were rolled. Safe while others do the same: what they did is not done again.
    """
    state = await _state(zone, now)
    until = max(state.until, now - SETTLING)
    changed = await _roll_changed(state, until, zone)
    missing = await _missing(until)
    for some in _chunks(missing):
        await _roll_hours(some, zone)
    await roll_days(until, zone)
    return changed + len(missing)


async def unroll(frm: datetime, to: datetime, zone: ZoneInfo) -> None:
    """Forget what was rolled of the hours in [frm, to): they are read from rows until they are rolled again."""
    for some in _chunks(sorted(await rolled_hours(frm, to))):
        async with in_transaction():
            await _locked()
            await replace_hours(some, {}, zone)
            await RollupHour.filter(starts_at__in=some).delete()


async def _state(zone: ZoneInfo, now: datetime) -> RollupState:
    first = RollupState(id=1, until=now - SETTLING, load_until=BEFORE_ALL, zone=zone.key)
    await RollupState.bulk_create([first], ignore_conflicts=True)
    state = await RollupState.get(id=1)
    if state.zone != zone.key:
        # Days and months of another zone are other stretches: all is rolled anew.
        async with in_transaction():
            for table in (Rollup, RollupHour, ResponderDay):
                await table.all().delete()
            await RollupState.filter(id=1).update(
                zone=zone.key, load_until=BEFORE_ALL, version=(await _locked()).version
            )
    return await RollupState.get(id=1)


async def _locked() -> RollupState:
    """The state, locked and with the next version, in this transaction."""
    state = await RollupState.select_for_update().get(id=1)
    state.version += 1
    await state.save(update_fields=["version"])
    return state


async def _roll_changed(state: RollupState, until: datetime, zone: ZoneInfo) -> int:
    """Hours in which a target ended or changed since: a few are rolled anew, many are left to be rolled as new."""
    marks = [mark.seq for mark in await RollupMark.all().only("seq")]
    ended = {hour_in(at) for row in await fetch(ENDED, state.until, until) if (at := moment_in(row["at"]))}
    rolled = await rolled_hours(BEFORE_ALL, until)
    changed = sorted((ended | await marked_hours(state.until)) & rolled)
    few = changed[:AT_ONCE]
    kinds = await _tallied(few, until, zone)
    async with in_transaction():
        if (await _locked()).version != state.version + 1:
            return 0
        await replace_hours(changed, kinds, zone)
        await RollupHour.filter(starts_at__in=changed[AT_ONCE:]).delete()
        await RollupMark.filter(seq__in=marks).delete()
        await RollupState.filter(id=1).update(until=until)
    return len(few)


async def _missing(until: datetime) -> list[datetime]:
    first = await Warning.all().order_by("received_at").first().only("received_at")
    if first is None:
        return []
    begin = hour_in(first.received_at)
    rolled = await rolled_hours(begin, until)
    return [hour for hour in hours_between(begin, until) if hour not in rolled]


async def _roll_hours(hours: Sequence[datetime], zone: ZoneInfo) -> None:
    state = await RollupState.get(id=1)
    kinds = await _tallied(hours, state.until, zone)
    async with in_transaction():
        if (await _locked()).version != state.version + 1:
            return
        await replace_hours(hours, kinds, zone)
        # Another may have rolled some of them since it was asked what is missing.
        rows = [RollupHour(starts_at=hour) for hour in hours]
        await RollupHour.bulk_create(rows, ignore_conflicts=True)


async def _tallied(hours: Collection[datetime], until: datetime, zone: ZoneInfo) -> dict[Kind, Tally]:
    kinds: dict[Kind, Tally] = {}
    for frm, to in joined(hours):
        facts = await read_facts(Wanted(frm, to, "", until, True))
        kinds |= await asyncio.to_thread(tally_kinds, facts, until, zone)
    return kinds


def _chunks(hours: Sequence[datetime]) -> Iterable[Sequence[datetime]]:
    for start in range(0, len(hours), AT_ONCE):
        yield hours[start : start + AT_ONCE]
