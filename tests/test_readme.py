"""The README keeps its word: a newcomer who types its walk-through sees what it says one sees."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.databases import free_port

README = Path(__file__).parents[1] / "README.md"
WALK = "## One warning, by hand\n"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATIENCE_S = 40.0
LIKE_A_TIME = re.compile(r"\d\d:\d\d:\d\d")


class Terminal:
    """A shell in a folder, and all that it has printed."""

    def __init__(self, folder: Path, name: str) -> None:
        outside = {n: v for n, v in os.environ.items() if not n.startswith(("OUTREACH_", "DATABASE_URL", "PORT"))}
        self.screen, self.typed = folder / f"{name}.screen", 0
        with self.screen.open("w") as out:
            self.shell = subprocess.Popen(
                ["bash"],
                cwd=folder,
                env=outside | {"NO_PROXY": "127.0.0.1", "LC_ALL": "C.UTF-8", "COLUMNS": "100"},
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def type(self, block: str) -> None:
        """Type a block of commands; the last may go on."""
        assert self.shell.stdin is not None
        self.typed += 1
        self.shell.stdin.write(f"{block}\necho typed {self.typed}\n")
        self.shell.stdin.flush()

    def finishes(self) -> None:
        """Wait until all that was typed is done."""
        until(lambda: f"typed {self.typed}\n" in self.printed(), self.printed)

    def printed(self) -> str:
        """Everything so far."""
        return self.screen.read_text(encoding="utf-8")

    def interrupt(self) -> int:
        """Ctrl-C, and no more typing; answers how the shell ended."""
        assert self.shell.stdin is not None
        os.killpg(self.shell.pid, signal.SIGINT)
        self.shell.stdin.close()
        return self.shell.wait(20)

    def close(self) -> None:
        """End it, whatever it does."""
        if self.shell.poll() is None:
            os.killpg(self.shell.pid, signal.SIGKILL)
        self.shell.wait(20)


def until(holds: Callable[[], bool], seen: Callable[[], str]) -> None:
    """Wait for it; fails with what is on the screens instead."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(seen())
        time.sleep(0.05)


def walk(serve: int, stand_in: int) -> list[tuple[str, str]]:
    """The blocks of the walk-through, on ports that are free here."""
    section = README.read_text(encoding="utf-8").split(WALK)[1].split("\n## ")[0]
    moved = section.replace(":8000", f":{serve}").replace(":8099", f":{stand_in}")
    moved = moved.replace("outreach serve\n", f"PORT={serve} outreach serve\n")
    at = f"outreach stand-in --port {stand_in} --product http://127.0.0.1:{serve}\n"
    return [(block[1], block[2]) for block in BLOCK.finditer(moved.replace("outreach stand-in\n", at))]


def looks_like(wanted: str, printed: str) -> bool:
    """Whether these lines were printed in this order: `…` and a time of day stand for any, a column may be wider."""
    lines = [re.escape(LIKE_A_TIME.sub("…", drawn(line.strip()))).replace("…", ".*") for line in wanted.splitlines()]
    return re.search(r"[\s\S]*?".join(lines), drawn(printed)) is not None


def drawn(words: str) -> str:
    """The words with each run of blanks, or of a box's line, as one."""
    return re.sub(r"([ ─])\1+", r"\1", words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which `. .venv/bin/activate` puts the installed `outreach` and its Python on the path."""
    activate = tmp_path / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.write_text(f'export PATH="{Path(sys.executable).parent}:$PATH"\n')
    return tmp_path


@pytest.fixture
def terminals(folder: Path) -> Iterator[list[Terminal]]:
    """Three, as the README asks for."""
    opened = [Terminal(folder, name) for name in ("stand-in", "serve", "yours")]
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.mark.slow
def test_a_newcomer_who_types_the_readme_sees_what_it_says(terminals: list[Terminal]) -> None:
    stand_in, serve, yours = terminals
    blocks = walk(free_port(), free_port())
    begin_the_others(stand_in, serve, blocks)
    before = [terminal.printed() for terminal in terminals]
    for kind, block in blocks[3:]:
        if kind == "sh":
            before = [terminal.printed() for terminal in terminals]
            yours.type(block)
            yours.finishes()
        else:
            until_shown(block, terminals, before)
    assert [serve.interrupt(), stand_in.interrupt()] == [0, 0]
    assert not [terminal.screen.name for terminal in terminals if "Traceback" in terminal.printed()]


def begin_the_others(stand_in: Terminal, serve: Terminal, blocks: list[tuple[str, str]]) -> None:
    """The first two terminals; the stand-in prints the very lines that the second one is given."""
    (_, play), (_, start), (_, shown) = blocks[:3]
    stand_in.type(play)
    until_shown("\n".join(start.splitlines()[1:-1]), [stand_in], [""])
    serve.type(start)
    until_shown(shown, [serve], [""])


def until_shown(wanted: str, terminals: list[Terminal], before: list[str]) -> None:
    """Wait until one of these terminals shows it, in what came after `before`."""

    def new() -> list[str]:
        return [each.printed()[len(old) :] for each, old in zip(terminals, before, strict=True)]

    until(lambda: any(looks_like(wanted, screen) for screen in new()), lambda: "\n".join([wanted, *new()]))


def test_a_block_is_recognised_whatever_the_time_and_the_ids_and_no_other() -> None:
    printed = '+12025550123 · 23:59:01 · rings\n  "id": "01a2",\n  "status": "ended",\n'
    assert looks_like('+12025550123 · 09:30:02 · rings\n"id": "…",\n"status": "ended",', printed)
    assert not looks_like('"status": "ended",\n"id": "…",', printed)
    assert not looks_like('"status": "open",', printed)
    assert looks_like("│ reached │    1 │", "│ reached   │ 1 │") and not looks_like(
        "│ reached │ 1 │", "│ reached │ 10 │"
    )
