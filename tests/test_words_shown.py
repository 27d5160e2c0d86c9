"""The commands that show what we send, and find the case that somebody rings about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.messaging.texts import LANGUAGES, TO_CONTACT, TO_RESIDENT
from tests.harness.commands import run
from tests.test_commands import typed

HOTLINE = "+86 571 9611 0110"


def shown(folder: Path) -> str:
    """What `outreach words` prints for a service with a hotline."""
    given = {"PATH": "", "OUTREACH_HOTLINE": HOTLINE, "OUTREACH_KEYS_FILE": str(folder / "keys.json")}
    printed = run("words", env=given, cwd=folder)
    assert printed.returncode == 0, printed.stderr
    return printed.stdout


@pytest.mark.slow
def test_an_operator_sees_every_text_with_the_segments_it_costs(tmp_path: Path) -> None:
    lines = shown(tmp_path).splitlines()
    heads, bodies = lines[::2], lines[1::2]
    assert len(heads) == 2 * len(LANGUAGES) * len((*TO_RESIDENT, *TO_CONTACT)) == len(set(heads))
    assert all(re.search(r"(GSM-7|UCS-2), segments: [12]$", head) for head in heads)
    assert sum(HOTLINE in body for body in bodies) == len(bodies) // 2


@pytest.mark.slow
def test_a_case_word_that_nobody_was_given_is_said_to_be_none(tmp_path: Path) -> None:
    refused = typed(tmp_path, "case-word", "K7M4T")
    assert refused.returncode == 1 and "No case that is still open" in refused.stderr
    assert "Traceback" not in refused.stderr
