"""The rehearsal in a terminal: every outreach with its step, its state and its minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

Outreach = dict[str, Any]
HOUR = 60.0
ROOMY = 100
STYLES = {
    "trying": "yellow",
    "contacted": "cyan",
    "reached": "green",
    "unreached": "red",
    "ended": "bright_black",
}
"""The words for how an outreach stands, in the order of the legend."""
GRAVE = {"high": "bold red", "medium": "yellow", "low": "blue"}


@dataclass
class Board:
    """What the view shows: outreaches as the coordinator's API lists them, and which warnings joined each."""

    start: datetime
    wanted: int
    steps: dict[str, tuple[str, ...]]
    warnings: dict[str, list[str]] = field(default_factory=dict)
    outreaches: list[Outreach] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many warnings were posted."""
        return sum(map(len, self.warnings.values()))

    def tally(self) -> Counter[str]:
        """How many warnings stand how."""
        counted: Counter[str] = Counter()
        for each in self.outreaches:
            counted[state_of(each)] += len(self.warnings.get(each["id"], ()))
        return counted

    def line(self, now: datetime) -> str:
        """The same in one line, for where there is no terminal."""
        told = ", ".join(f"{number} {state}" for state, number in _ordered(self.tally()))
        return f"city minute {_minutes(self.start, now):3.0f}: {self.sent} of {self.wanted} warned; {told or '-'}"


def state_of(outreach: Outreach) -> str:
    """How it stands, in one of the words of STYLES."""
    if outreach["reached_at"]:
        return "reached"
    if outreach["ended_at"]:
        return "unreached" if outreach["end_state"] == "unreached" else "ended"
    return "contacted" if outreach["contacted_at"] else "trying"


def draw(board: Board, now: datetime, height: int, width: int) -> Panel:
    """The whole view, for a terminal of so many lines and columns; a narrow one is spared the grids."""
    hours, minutes = divmod(int(_minutes(board.start, now)), 60)
    title = f"[bold]Outreach rehearsal[/] · an invented city · {hours}:{minutes:02d} h"
    return Panel(
        Group(_head(board), _table(board, now, max(height - 6, 5), width >= ROOMY)), title=title, border_style="blue"
    )


def _head(board: Board) -> Table:
    legend = Text("   ").join(
        Text.assemble((f"{number}", f"bold {STYLES[state]}"), f" {state}") for state, number in _ordered(board.tally())
    )
    head = Table.grid(padding=(0, 2), expand=True)
    head.add_column(no_wrap=True)
    head.add_column(ratio=1)
    head.add_column(no_wrap=True, justify="right")
    bar = ProgressBar(total=board.wanted, completed=board.sent, complete_style="blue", finished_style="blue")
    head.add_row(f"warned [bold]{board.sent}[/]/{board.wanted}", bar, legend)
    return head


def _table(board: Board, now: datetime, rows: int, with_grid: bool) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1), header_style="bright_black")
    for name in ("warning", *(("grid",) if with_grid else ()), "danger", "step", "state"):
        table.add_column(name, no_wrap=True, overflow="ellipsis")
    table.add_column("min", justify="right", no_wrap=True)
    table.add_column("of 60", ratio=1, no_wrap=True)
    for each in _most_telling(board.outreaches, rows):
        table.add_row(*_row(board, each, now, with_grid))
    return table


def _row(board: Board, each: Outreach, now: datetime, with_grid: bool) -> tuple[Any, ...]:
    state = state_of(each)
    style, took = STYLES[state], _took(each, now)
    bar = ProgressBar(total=HOUR, completed=min(took, HOUR), complete_style=style, finished_style=style)
    codes = "+".join(board.warnings.get(each["id"], ()))
    danger = Text(f"{each['category']}", style=GRAVE[each["severity"]])
    area = each["area"]["name"] if each["area"] else "no area"
    grid = (area,) if with_grid else ()
    return codes, *grid, danger, _step(board, each), Text(state, style=style), f"{took:.0f}", bar


def _step(board: Board, each: Outreach) -> str:
    steps = board.steps.get(each["policy"]["name"], ())
    if each["step"] < 0 or not steps:
        return "-"
    return f"{each['step'] + 1}/{len(steps)} {steps[min(each['step'], len(steps) - 1)]}"


def _most_telling(outreaches: list[Outreach], rows: int) -> list[Outreach]:
    """Those under way first, the newest above, then those that were settled last."""
    running = [each for each in outreaches if state_of(each) in ("trying", "contacted")]
    settled = [each for each in outreaches if state_of(each) not in ("trying", "contacted")]
    settled.sort(key=lambda each: str(each["reached_at"] or each["ended_at"]), reverse=True)
    return [*running, *settled][:rows]


def _took(each: Outreach, now: datetime) -> float:
    settled = each["reached_at"] or each["ended_at"]
    return _minutes(datetime.fromisoformat(each["opened_at"]), datetime.fromisoformat(settled) if settled else now)


def _minutes(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / 60, 0.0)


def _ordered(tally: Counter[str]) -> list[tuple[str, int]]:
    return [(state, tally[state]) for state in STYLES if tally[state]]
