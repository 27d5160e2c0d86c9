"""The report as CSV and as tables for a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.table import Table

from outreach.reports.counting import NO_PERSON
from outreach.reports.figures import Cause, Group, Reached, When

if TYPE_CHECKING:
    from outreach.reports.report import Report

HEADER = ("group", "figure", "name", "value", "low", "high", "naive", "if_ends_were_open")
COUNTED = ("warned", "contacted", "reached", "convinced", "ended unreached", "ended otherwise", "still open")
UNKNOWN = "–"
Line = tuple[object, ...]


def as_csv(report: Report) -> str:
    """One figure a line under `HEADER`; an empty value is not known, not yet, or never."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for group in (*report.groups, report.total):
        writer.writerows((group.name, *line) for line in _lines(group))
    return out.getvalue()


def _lines(group: Group) -> Iterator[Line]:
    for name, number in asdict(group.counts).items():
        yield "count", name, number, "", "", "", ""
    yield from (_share_line("share reached within minutes", f"{r.minutes:g}", r) for r in group.within)
    for when in group.quantiles:
        yield "minutes until share reached", f"{when.share:g}", when.minutes, when.low, when.high, "", ""
    for figure, causes in (("channel", group.channels), ("role", group.roles)):
        for cause in causes:
            yield f"reached by {figure}", cause.name, cause.count, "", "", "", ""
            yield from (_share_line(f"{figure} {cause.name} within minutes", f"{r.minutes:g}", r) for r in cause.within)
    for stage in group.stages:
        pair = f"{stage.begins} → {stage.ends}"
        yield "stage count", pair, stage.count, "", "", "", ""
        yield "stage mean minutes", pair, stage.mean, "", "", "", ""
        yield "stage median minutes", pair, stage.median, "", "", "", ""


def _share_line(figure: str, name: str, reached: Reached) -> Line:
    return figure, name, reached.share, reached.low, reached.high, reached.naive, reached.if_ends_were_open


def as_table(report: Report) -> Table:
    """Counts, shares (with limits, and the naive figure after a stroke) and quantiles: a column for each group."""
    groups = (*report.groups, report.total)
    table = Table(title=f"Time to reach, minutes since {report.clock}")
    table.add_column(f"by {report.by}" if report.by else "")
    for group in groups:
        table.add_column(group.name, justify="right")
    for name, *cells in zip(_headings(report.total), *map(_cells, groups), strict=True):
        table.add_row(name, *cells, end_section=name in (COUNTED[-1], _within(report.total.within[-1])))
    table.caption = "95 % limits in brackets; after / the naive share: reached of all warned"
    return table


def _headings(group: Group) -> list[str]:
    return [
        *COUNTED,
        *map(_within, group.within),
        *(f"{when.share:.0%} reached after, min" for when in group.quantiles),
    ]


def _cells(group: Group) -> list[str]:
    counts = asdict(group.counts)
    numbers = (str(counts[name.replace(" ", "_")]) for name in COUNTED)
    if not group.counts.warned:
        return [*numbers, *(UNKNOWN for _ in (*group.within, *group.quantiles))]
    shares = (f"{_share(reached)} / {_percent(reached.naive)}" for reached in group.within)
    beyond = "never" if group.complete else "not yet"
    return [*numbers, *shares, *(_when(when, beyond) for when in group.quantiles)]


def _within(reached: Reached) -> str:
    return f"≤ {reached.minutes:g} min"


def causes_table(group: Group) -> Table:
    """What and who reached them, as parts of all warned."""
    table = Table(title="What reached them, of all warned")
    table.add_column("by")
    table.add_column("reached", justify="right")
    for reached in group.within:
        table.add_column(_within(reached), justify="right")
    for heading, causes in (("channel", group.channels), ("role", group.roles)):
        for cause in causes:
            table.add_row(*_cause_cells(heading, cause))
    return table


def _cause_cells(heading: str, cause: Cause) -> list[str]:
    name = cause.name if cause.name == NO_PERSON else f"{heading} {cause.name}"
    return [name, str(cause.count), *(_share(r) for r in cause.within)]


def stages_table(group: Group) -> Table:
    """Where the minutes went."""
    table = Table(title="Where the minutes went")
    for name in ("from", "to", "targets", "mean min", "median min"):
        table.add_column(name, justify="left" if name in ("from", "to") else "right")
    for stage in group.stages:
        table.add_row(stage.begins, stage.ends, str(stage.count), f"{stage.mean:.1f}", f"{stage.median:.1f}")
    return table


def _share(reached: Reached) -> str:
    band = "" if reached.low is None else f" ({_percent(reached.low)}–{_percent(reached.high)})"
    return f"{_percent(reached.share)}{band}"


def _when(when: When, beyond: str) -> str:
    if when.minutes is None:
        return beyond
    if when.low is None:
        # The share jumped to all of them, where there are no limits.
        return f"{when.minutes:.1f}"
    return f"{when.minutes:.1f} ({when.low:.1f}–{beyond if when.high is None else f'{when.high:.1f}'})"


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:.0%}"
