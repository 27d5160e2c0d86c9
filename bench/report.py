"""`python -m bench.report`: how long the year's report takes as the city's history grows, and how long rolling it up.

Rows as the product keeps them (warning, target, outreach, attempt, offer, task) are written by the bare driver, rolled
up by the product's own rolling, and the last year is read by the product's own report.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bench.year import NOW, YEAR, ZONE, SqliteFile, cases, found
from outreach.models.connecting import connect
from outreach.models.migrating import migrate
from outreach.models.sealing import Keyring
from outreach.reports.period import Period, period_report
from outreach.reports.rolling import roll

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
READINGS = 5
LAST = date(2026, 11, 24)
OF_YEAR = Period(LAST - timedelta(days=364), LAST, ZONE)
ASKED = {
    "report": OF_YEAR,
    "district": replace(OF_YEAR, area_path="/c/d0/", categories=frozenset({"fraud.1", "fraud.2"})),
    "by area": replace(OF_YEAR, split="area"),
}
"""The whole year; that of one district and two of the eight categories; and the whole with all figures of each area."""


async def measure(number: int, a_day: int | None, folder: Path) -> dict[str, float]:
    """Seconds to roll so many cases up, so many a day (None: a year of them), and to read the last year's report."""
    file = SqliteFile(folder / f"{number}.sqlite3")
    await migrate(file.url)
    context = await connect(file.url, Keyring("b", {"b": os.urandom(32)}, os.urandom(32)))
    with context:
        try:
            times = await _timed(file, number, YEAR if a_day is None else timedelta(days=number / a_day))
        finally:
            await context.close_connections()
    size = sum(each.stat().st_size for each in folder.glob(f"{number}.*"))
    for each in folder.glob(f"{number}.*"):
        each.unlink()
    return {"cases": number, "MB": size / 1e6, **times}


async def _timed(file: SqliteFile, number: int, span: timedelta) -> dict[str, float]:
    began = time.perf_counter()
    await file.write(cases(await found(NOW - span), number, random.Random(number), span))
    written = time.perf_counter()
    say(f"{number:,}: written in {written - began:.0f} s")
    hours = await roll(NOW, ZONE)
    took = time.perf_counter() - written
    seconds = await readings(number * min(1.0, YEAR / span))
    say(f"{number:,}: {hours} hours rolled up in {took:.0f} s; {seconds}")
    return {"days": span / timedelta(days=1), "roll": took, **seconds}


async def readings(number: float) -> dict[str, float]:
    """Seconds of each report on the last year, of so many cases: the best of several."""
    return {name: min([await _reading(number, asked) for _ in range(READINGS)]) for name, asked in ASKED.items()}


async def _reading(number: float, asked: Period) -> float:
    began = time.perf_counter()
    report = await period_report(asked, NOW)
    took = time.perf_counter() - began
    told, least = report["all"]["warned"], 0 if asked.area_path else 0.98 * number
    if not least < told <= 1.01 * number:
        raise AssertionError(f"The report tells of {told} of {number} cases.")
    return took


def say(words: str) -> None:
    """To the terminal, beside the table."""
    sys.stderr.write(words + "\n")


def main() -> None:
    """Measure each size in turn and print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--most", type=int, default=1_000_000, help="the largest history: 10000 to 10000000 cases")
    asked.add_argument(
        "--least", type=int, default=SIZES[0], help="the smallest; the others are told as multiples of it"
    )
    asked.add_argument(
        "--a-day", type=int, default=None, help="cases a day, 4500 in the story; without it, all in a year"
    )
    asked.add_argument("--folder", type=Path, default=None, help="where the databases are made; ten million take 25 GB")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="outreach-bench-", dir=given.folder) as made:
        sizes = [number for number in SIZES if given.least <= number <= given.most]
        runs = [asyncio.run(measure(number, given.a_day, Path(made))) for number in sizes]
    sys.stdout.write(table(runs) + "\n")
    sys.stdout.write(json.dumps(runs) + "\n")


def table(runs: list[dict[str, float]]) -> str:
    """Each size with its times, and those of the reports as multiples of the smallest's."""
    lines = ["| cases | days | database MB | rolled up in s | cases/s | report s | of a district s | by area s |"]
    lines.append("|---" * 8 + "|")
    for run in runs:
        cells = [
            f"{run['cases']:,.0f}",
            f"{run['days']:,.0f}",
            f"{run['MB']:,.0f}",
            f"{run['roll']:.1f}",
            f"{run['cases'] / run['roll']:,.0f}",
        ]
        cells += [f"{run[name]:.2f} (×{run[name] / runs[0][name]:.1f})" for name in ASKED]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
