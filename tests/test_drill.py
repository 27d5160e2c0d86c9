"""A drill: one phone is texted and rung in words that say so, and the operator reads what happened."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.models import Attempt, Notice, Outreach
from outreach.rehearsal.provider import Item
from outreach.settings import Settings
from tests.harness.commands import run
from tests.harness.provider_side import TOKEN
from tests.harness.story import Story, story

pytestmark = pytest.mark.slow

PHONE = "+447911123456"


async def typed(given: Settings, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`outreach drill`, typed where no database is: it needs none."""
    outside = {n: v for n, v in os.environ.items() if not n.startswith(("OUTREACH_", "DATABASE_URL"))}
    env = {n: getattr(given, n.lower()) for n in ("TWILIO_ACCOUNT_SID", "TWILIO_FROM", "TWILIO_API_URL", "PUBLIC_URL")}
    env |= {"TWILIO_AUTH_TOKEN": TOKEN, "SERVICE_NAME": "City Care", "LANGUAGE": "en", "COUNTRY": "GB"} | more
    named = outside | {f"OUTREACH_{name}": value for name, value in env.items()} | {"LC_ALL": "C.UTF-8"}
    return await asyncio.to_thread(run, "drill", *words, env=named, cwd=folder)


def answered(tale: Story, keys: str | None) -> None:
    """Whoever holds the phone reads, and picks up (or not) and presses these."""

    async def do(item: Item) -> str | None:
        return keys if item.kind == "voice" else None

    tale.provider.people = do


async def test_a_phone_is_texted_and_rung_and_each_stage_is_told_with_its_seconds(
    database: str, tmp_path: Path
) -> None:
    async with story(datetime.now(UTC)) as tale:
        answered(tale, "1")
        made = await typed(tale.settings, tmp_path, "--to", "07911 123456")
        assert made.returncode == 0, made
        assert re.search(r"\d\.\d s  taken by the provider \(SM", made.stdout) and "s  delivered" in made.stdout
        assert "✓ The text is on the phone" in made.stdout and "✓ A person picked up the call." in made.stdout
        text, call = tale.provider.items[-2:]
        assert (text.to, call.to) == (PHONE, PHONE)
        assert "City Care" in text.body and "this is a drill" in text.body and "This is a drill." in call.said[0]
        assert call.keys == ["1"] and "the key was heard" in call.said[-1]


async def test_nothing_of_a_drill_is_kept_counted_or_logged(database: str, tmp_path: Path) -> None:
    async with story(datetime.now(UTC)) as tale:
        answered(tale, "")
        (folder := tmp_path / "empty").mkdir()
        made = await typed(tale.settings, folder, "--to", PHONE)
        assert [await each.all().count() for each in (Attempt, Notice, Outreach)] == [0, 0, 0]
        assert PHONE[1:] not in made.stdout and made.stderr == "" and not list(folder.iterdir())


@pytest.mark.parametrize(
    ("fault", "way", "says"),
    [
        ("30003", "--sms", "✗ The text did not get through: 30003."),
        ("busy", "--voice", "✗ The call did not get through: busy."),
        ("voicemail", "--voice", "✗ The call did not get through: voicemail."),
        ("silent", "--sms", "✓ The text is on the phone"),
    ],
)
async def test_what_did_not_get_through_is_said(database: str, tmp_path: Path, fault: str, way: str, says: str) -> None:
    async with story(datetime.now(UTC)) as tale:
        tale.provider.faults.append(fault)  # type: ignore[arg-type]
        made = await typed(tale.settings, tmp_path, "--to", PHONE, way)
    assert says in made.stdout and made.returncode == (0 if "✓" in says else 1), made


async def test_a_number_that_cannot_be_rung_is_not_and_asked_to_be_is_refused(database: str, tmp_path: Path) -> None:
    async with story(datetime.now(UTC)) as tale:
        before = len(tale.provider.items)
        refused = await typed(tale.settings, tmp_path, "--to", "+8613800138000", "--voice")
        assert refused.returncode == 1 and "Numbers of CN cannot be called by machine" in refused.stderr
        assert len(tale.provider.items) == before
        made = await typed(tale.settings, tmp_path, "--to", "+8613800138000")
        assert made.returncode == 0 and "Not rung: numbers of CN cannot be called" in made.stdout
        assert [item.kind for item in tale.provider.items[before:]] == ["sms"]
        assert "演练" in tale.provider.items[-1].body


async def test_a_drill_rings_from_the_number_set_for_calls(database: str, tmp_path: Path) -> None:
    senders = {"TWILIO_FROM": "MG" + "0" * 32, "TWILIO_VOICE_FROM": "+15005550007"}
    async with story(datetime.now(UTC)) as tale:
        answered(tale, "1")
        made = await typed(tale.settings, tmp_path, "--to", PHONE, **senders)
        assert made.returncode == 0, made
        assert [item.sender for item in tale.provider.items[-2:]] == list(senders.values())


async def test_a_drill_speaks_the_language_it_is_told_to(database: str, tmp_path: Path) -> None:
    async with story(datetime.now(UTC)) as tale:
        answered(tale, "")
        await typed(tale.settings, tmp_path, "--to", PHONE, "--voice", "--language", "zh-CN")
        assert "演练" in tale.provider.items[-1].said[0]


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (("--to", "12"), {}, "--to: has too few or too many digits"),
        (("--to", PHONE, "--sms"), {"TWILIO_ACCOUNT_SID": ""}, "No account is set: see docs/twilio.md."),
        (
            ("--to", PHONE, "--voice"),
            {"TWILIO_FROM": "MG" + "0" * 32},
            "No number can place calls: set OUTREACH_TWILIO_VOICE_FROM.",
        ),
        (("--to", PHONE, "--sms"), {"TWILIO_API_URL": "http://127.0.0.1:9"}, "The provider was not reached"),
    ],
)
async def test_a_drill_that_cannot_be_held_says_why(
    tmp_path: Path, words: tuple[str, ...], more: dict[str, str], says: str
) -> None:
    given = Settings(twilio_account_sid="AC" + "0" * 32, twilio_from="+15005550006", public_url="http://127.0.0.1:9")
    made = await typed(given, tmp_path, *words, **more)
    assert made.returncode == 1 and says in made.stdout + made.stderr and "Traceback" not in made.stderr, made
