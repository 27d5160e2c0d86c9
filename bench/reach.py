"""`python -m bench.reach`: how soon a warning is with the provider and what it costs, beside the yardstick."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp
import psutil

from bench.load import Figures, Load, fictional_numbers, phase, stand_in
from bench.subjects import database, running

RATES: dict[str, float | None] = {"1/s": 1.0, "20/s": 20.0, "flat out": None}
COLUMNS = {
    "taken/s": "per_s",
    "settled/s": "settled_per_s",
    "POST p50 ms": "post_p50",
    "POST p99 ms": "post_p99",
    "first request p50 ms": "first_p50",
    "first request p99 ms": "first_p99",
    "CPU ms": "cpu",
    "engine CPU ms": "engine_cpu",
    "peak MB": "peak_mb",
}
Run = dict[str, Figures]
WARM_UP = 20
"""Warnings before anything is measured: a process that has just started still reads its own code."""


async def measure(kind: str, url: str, engine: psutil.Process | None, folder: Path, seconds: float, soak: int) -> Run:
    """The phases of one subject, one after another on the same database; then flat out until `soak` were taken."""
    found: Run = {}
    async with (
        stand_in() as (provider, provider_url),
        running(kind, url, engine, provider_url, folder) as subject,
        aiohttp.ClientSession(connector=pool()) as client,
    ):
        load = Load(subject, provider, fictional_numbers(), client)
        await phase(load, None, 60, WARM_UP)
        for name, rate in RATES.items():
            found[name] = await phase(load, rate, seconds)
            say(f"  {kind} {name}: {found[name]}")
        left = soak - sum(figures.warnings for figures in found.values())
        for quarter in range(1, 5 if left > 0 else 1):
            found[f"soak {quarter}/4"] = await phase(load, None, 3600, left // 4)
            say(f"  {kind} soak {quarter}/4: {subject.memory() / 1e6:.0f} MB now")
    return found


def pool() -> aiohttp.TCPConnector:
    """As many connections as it takes, each dropped before the server, which waits 5 s, would close it on us."""
    return aiohttp.TCPConnector(limit=0, keepalive_timeout=3)


def compare(engine: str, seconds: float, soak: int) -> str:
    """Both subjects on one engine, as a Markdown table."""
    runs: dict[str, Run] = {}
    for kind in ("yardstick", "product"):
        with tempfile.TemporaryDirectory(prefix="outreach-bench-") as made, database(engine, Path(made)) as (url, at):
            runs[kind] = asyncio.run(measure(kind, url, at, Path(made), seconds, soak if kind == "product" else 0))
    return table(engine, runs["product"], runs["yardstick"])


def table(engine: str, product: Run, yardstick: Run) -> str:
    """Each figure of the product, and in brackets how many times the yardstick's it is."""
    lines = [f"### {engine}", "", "| phase | " + " | ".join(COLUMNS) + " | refused | unsent |"]
    lines.append("|---" * (len(COLUMNS) + 3) + "|")
    for name, ours in product.items():
        cells = [cell(getattr(ours, at), getattr(yardstick.get(name), at, None)) for at in COLUMNS.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {ours.refused} | {ours.unsent} |")
    for name, theirs in yardstick.items():
        cells = [cell(getattr(theirs, at), None) for at in COLUMNS.values()]
        lines.append(f"| *yardstick, {name}* | " + " | ".join(cells) + f" | {theirs.refused} | {theirs.unsent} |")
    return "\n".join(lines)


def cell(ours: float, theirs: float | None) -> str:
    """A figure, with its ratio where the yardstick has one."""
    said = f"{ours:.1f}" if ours < 100 else f"{ours:.0f}"
    return f"{said} (×{ours / theirs:.1f})" if theirs else said


def say(what: str) -> None:
    """To the terminal, apart from the table."""
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=20, help="length of each phase")
    asked.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--soak", type=int, default=0, help="go on flat out until the product took so many, for memory")
    given = asked.parse_args()
    for engine in ("sqlite", "postgres") if given.engine == "both" else (given.engine,):
        say(engine)
        print(compare(engine, given.seconds, given.soak), flush=True)
        print()


if __name__ == "__main__":
    main()
