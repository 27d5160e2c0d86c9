"""Whoever carries texts and calls can be changed whole: Ada is reached through a provider that we know nothing of."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.models import Attempt, Outreach, ProviderEvent
from outreach.rehearsal.provider import People
from tests.harness import pigeon_post
from tests.harness.pigeon_post import PigeonPost
from tests.harness.story import Story, story


@pytest.fixture
def through_pigeon_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A story in which the second provider's package is installed, and named by OUTREACH_MESSENGER."""
    pigeon_post.installed(tmp_path / "installed", monkeypatch)

    def carrier(now: Callable[[], datetime], people: People, public: str) -> PigeonPost:
        return PigeonPost(now, people, f"{public}/pigeon/sms")

    def account(api: str) -> dict[str, Any]:
        monkeypatch.setenv("PIGEON_URL", api)
        return {"messenger": "pigeon"}

    @contextlib.asynccontextmanager
    async def tale(now: datetime) -> AsyncIterator[Story]:
        async with story(now, carrier, account) as opened:
            yield opened
            assert {status // 100 for _, status in opened.provider.answers} == {2}

    return tale


async def test_ada_is_texted_replies_is_rung_and_presses_a_key_through_a_provider_that_we_know_nothing_of(
    database: str, now: datetime, through_pigeon_post: Callable[..., Any]
) -> None:
    async with through_pigeon_post(now) as tale:
        tale.ada.expect_sms("City Care").then_reply("1").expect_call().then_press("1")
        tale.ben.expect_sms("a visit asked")
        warned = await tale.warn()
        await tale.advance(minutes=2)
        assert (await tale.status_of(warned))["status"] == "contacted"
        assert sorted((await Outreach.get()).evidence) == ["key", "sms_reply"]
        await tale.report_outcome("convinced")
        assert (await tale.status_of(warned))["status"] == "convinced"
        text, call = sorted(tale.ada.received, key=lambda item: item.kind)
        assert "City Care" in text.body and call.keys == ["1"] and len(call.said) == 3
        kept = {(each.sid, each.status) for each in await ProviderEvent.filter(provider="pigeon")}
        assert {(text.sid, "landed"), (call.sid, "bell_answered"), (call.sid, "talked")} <= kept


async def test_a_machine_that_takes_adas_call_there_sends_ben_at_once(
    database: str, now: datetime, through_pigeon_post: Callable[..., Any]
) -> None:
    async with through_pigeon_post(now) as tale:
        tale.ada.expect_sms().expect_call().then_press("voicemail")
        tale.ben.expect_sms("a visit asked")
        await tale.warn()
        await tale.advance(minutes=0)
        assert (await Attempt.get(channel="voice")).failure == "voicemail"
        assert len((await tale.call("ben", "GET", "/api/me/offers")).json()["offers"]) == 1
