"""Keeping the rollups: an hour is read anew from its rows and put in the place of what was there before.

The only writing of this room, and of nothing but rollups. Whoever rolls reads first and writes in a transaction of
its own, which is given up when another wrote meanwhile: four at once do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from outreach.models import ResponderLoad, Rollup, RollupHour, RollupMark, RollupState, Warning
from outreach.models.statements import fetch, moment_in
from outreach.reports.facts import Wanted, read_facts
from outreach.reports.gathering import marked_hours, rolled_hours
from outreach.reports.responders import roll_days
from outreach.reports.sheets import Sheet
from outreach.reports.spans import hour_in, hours_between, joined
from outreach.reports.storing import planned, write
from outreach.reports.tallying import tally_hours

SETTLING = timedelta(minutes=10)
"""What ended so long ago is on disk: no transaction takes that long to commit."""
AT_ONCE = 10_000
"""Cases that share a transaction, about; SQLite has one writer, and warnings wait for it."""
FIRST_HOURS, MOST_HOURS = 12, 10 * 24
"""Hours at once as long as nobody knows how many cases they have, and where they have few."""
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
    await _roll_missing(missing, zone)
    await roll_days(until, zone)
    return changed + len(missing)


async def unroll(frm: datetime, to: datetime, zone: ZoneInfo) -> None:
    """Forget what was rolled of the hours in [frm, to): they are read from rows until they are rolled again."""
    hours = sorted(await rolled_hours(frm, to))
    for start in range(0, len(hours), MOST_HOURS):
        await _forget(hours[start : start + MOST_HOURS], zone)


async def _forget(hours: Sequence[datetime], zone: ZoneInfo) -> None:
    forgotten = False
    while not forgotten:
        state = await RollupState.get(id=1)
        plan = await planned(hours, {}, zone)
        async with in_transaction():
            forgotten = (await _locked()).version == state.version + 1
            if forgotten:
                await write(plan)
                await RollupHour.filter(starts_at__in=hours).delete()


async def _state(zone: ZoneInfo, now: datetime) -> RollupState:
    first = RollupState(id=1, until=now - SETTLING, load_until=BEFORE_ALL, zone=zone.key)
    await RollupState.bulk_create([first], ignore_conflicts=True)
    state = await RollupState.get(id=1)
    if state.zone != zone.key:
        # Days and months of another zone are other stretches: all is rolled anew.
        async with in_transaction():
            for table in (Rollup, RollupHour, ResponderLoad):
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
    few = changed[:FIRST_HOURS]
    plan = await planned(changed, await _tallied(few, until, zone), zone)
    async with in_transaction():
        if (await _locked()).version != state.version + 1:
            return 0
        await write(plan)
        await RollupHour.filter(starts_at__in=changed[FIRST_HOURS:]).delete()
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


async def _roll_missing(hours: Sequence[datetime], zone: ZoneInfo) -> None:
    """Roll them all, so many at once that about as many cases as AT_ONCE share a transaction."""
    at, many = 0, FIRST_HOURS
    while at < len(hours):
        cases = await _roll_hours(hours[at : at + many], zone)
        at += many
        many = max(1, min(4 * many, MOST_HOURS, many * AT_ONCE // max(cases, 1)))


async def _roll_hours(hours: Sequence[datetime], zone: ZoneInfo) -> int:
    """How many cases those hours had."""
    state = await RollupState.get(id=1)
    sheets = await _tallied(hours, state.until, zone)
    plan = await planned(hours, sheets, zone)
    async with in_transaction():
        if (await _locked()).version == state.version + 1:
            await write(plan)
            # Another may have rolled some of them since it was asked what is missing.
            rows = [RollupHour(starts_at=hour) for hour in hours]
            await RollupHour.bulk_create(rows, ignore_conflicts=True)
    return sum(sheet.count("warned") for sheet in sheets.values())


async def _tallied(hours: Collection[datetime], until: datetime, zone: ZoneInfo) -> dict[datetime, Sheet]:
    sheets: dict[datetime, Sheet] = {}
    for frm, to in joined(hours):
        facts = await read_facts(Wanted(frm, to, "", until, True))
        sheets |= await asyncio.to_thread(tally_hours, facts, until, zone)
    return sheets
