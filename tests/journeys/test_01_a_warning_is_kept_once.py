"""Promise 1: a 202 means that the warning is on disk, and the same warning twice is one."""

from __future__ import annotations

from datetime import datetime

from outreach.models import Attempt, Outreach, Target, Warning
from tests.harness.story import story


async def test_the_same_warning_twice_is_one_warning_one_target_and_one_set_of_messages(
    database: str, now: datetime
) -> None:
    async with story(now) as tale:
        first = await tale.warn(severity="low")
        again = await tale.warn(severity="low", detected_at=now.isoformat())
        assert (first["id"], first["target_id"]) == (again["id"], again["target_id"])
        tale.ada.expect_sms("City Care")
        await tale.advance(minutes=1)
        assert await Warning.all().count() == await Target.all().count() == await Outreach.all().count() == 1
        assert await Attempt.all().count() == 1
