"""After the rehearsal a person is Ben: the link lets them in, the code shows, and an offer comes near by."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path

import httpx2
import pytest

from outreach.clock import WallClock
from outreach.rehearsal.demo import Plan, opened
from outreach.rehearsal.lent_phone import LentPhone

PATIENCE_S = 60


@pytest.mark.slow
def test_a_person_gets_in_as_ben_by_the_link_and_the_code_on_his_phone(tmp_path: Path) -> None:
    asyncio.run(_get_in(tmp_path))


async def _get_in(folder: Path) -> None:
    shown: asyncio.Queue[str] = asyncio.Queue()
    async with opened(folder, Plan(rate=600)) as rehearsal, asyncio.timeout(PATIENCE_S):
        await rehearsal.town.close()
        phone = LentPhone(rehearsal, "P001", shown.put_nowait)
        link = await phone.invitation()
        watching = asyncio.create_task(phone.watch())
        async with httpx2.AsyncClient(base_url=rehearsal.url) as browser:
            who = {"invite": link.rpartition("/")[2]}
            assert (await browser.post("/api/sign-in/codes", json=who)).status_code == 202
            code = re.search(r"[0-9]{6}", await shown.get())
            assert code
            entered = await browser.post("/api/sign-in/sessions", json=who | {"code": code.group()})
            assert entered.status_code == 201 and entered.json()["responder"]["name"] == phone.owner.name
            # The text of the offer comes to the same phone.
            await shown.get()
            assert (await browser.get("/api/me/offers")).json()["offers"]
        watching.cancel()


@pytest.mark.slow
def test_three_people_near_ben_are_almost_late_when_the_city_stays_open(tmp_path: Path) -> None:
    asyncio.run(_almost_late(tmp_path))


async def _almost_late(folder: Path) -> None:
    async with opened(folder, Plan(rate=2, minutes=0, afterwards=45)) as rehearsal, asyncio.timeout(PATIENCE_S):
        await rehearsal.town.close()
        await LentPhone(rehearsal, "P001", print).warn_of_others(28)
        await rehearsal.watch()
        now, cases = WallClock().now(), rehearsal.board.outreaches
        ago = [(now - datetime.fromisoformat(case["opened_at"])).total_seconds() / 60 for case in cases]
        assert len(ago) == 3 and all(27 < each < 29 for each in ago)
        assert abs((now - rehearsal.clock.now()).total_seconds()) < 1
        assert not [case for case in cases if case["reached_at"]]
