"""After the rehearsal a person is Ben: the link lets them in, the code shows, and an offer comes near by."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx2
import pytest

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
