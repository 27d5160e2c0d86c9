"""The rules of the house, kept by test: short functions, short files, floors, settings that are written down."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import outreach
from outreach.settings import Settings

HOUSE = Path(outreach.__file__).parent
ROOT = HOUSE.parent
FILES = sorted(HOUSE.rglob("*.py"))
LONGEST_FUNCTION, LONGEST_FILE = 60, 250


def functions_of(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file in FILES
        for node in functions_of(file)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_no_file_is_longer_than_two_hundred_and_fifty_lines() -> None:
    assert not [str(file.relative_to(ROOT)) for file in FILES if len(file.read_text().splitlines()) > LONGEST_FILE]


def test_nothing_below_the_edges_reads_the_clock() -> None:
    edges = {"web", "clockwork", "cli", "app", "rehearsal"}
    below = [file for file in FILES if file.relative_to(HOUSE).parts[0].removesuffix(".py") not in edges | {"clock"}]
    assert not [str(file.relative_to(ROOT)) for file in below if reads_the_clock(file)]


def reads_the_clock(file: Path) -> bool:
    names = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    calls = (node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    return any(
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and (called.value.id, called.attr) in names
        for called in calls
    )


def test_nothing_imports_upward_or_sideways() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


TWILIOS_WORDS = re.compile(
    '(Message|Call|Sms)(Status|Sid)|AnsweredBy|OptOutType|SpeechResult|"Digits|SequenceNumber|ErrorCode|TwiML|twiml'
    "|in-progress|machine_|num_digits|VoiceResponse"
)
"""Of its callbacks, its states and its markup. That a line was busy or nobody answered is said in words of ours."""


def test_twilios_words_are_known_to_its_own_package_alone() -> None:
    homes = ("messaging/twilio/", "rehearsal/", "cli/doctor/")
    elsewhere = [file for file in FILES if not file.relative_to(HOUSE).as_posix().startswith(homes)]
    assert len(FILES) - len(elsewhere) > 10
    assert not [str(file.relative_to(ROOT)) for file in elsewhere if TWILIOS_WORDS.search(file.read_text())]


def test_twilios_name_is_known_to_settings_and_commands_at_most() -> None:
    homes = ("messaging/twilio/", "rehearsal/", "cli/", "settings.py")
    elsewhere = [file for file in FILES if not file.relative_to(HOUSE).as_posix().startswith(homes)]
    assert not [str(file.relative_to(ROOT)) for file in elsewhere if "twilio" in file.read_text().lower()]


def test_the_second_provider_of_the_tests_is_known_to_no_line_of_the_product() -> None:
    assert not [str(file.relative_to(ROOT)) for file in FILES if "pigeon" in file.read_text().lower()]


def variable_of(name: str) -> str:
    """The environment variable of the setting `name`."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"OUTREACH_{name.upper()}"


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_readme_with_what_it_is(name: str) -> None:
    rows = [
        line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith(f"| `{variable_of(name)}` |")
    ]
    assert len(rows) == 1
    description = Settings.model_fields[name].description
    assert description
    assert description in rows[0]


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    named = {line.split("`")[1] for line in lines if line.startswith(("| `OUTREACH_", "| `PORT", "| `DATABASE_URL"))}
    assert named == {variable_of(name) for name in Settings.model_fields}
