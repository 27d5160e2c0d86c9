"""Sources are told by the Standard Webhooks convention; what does not get through is seen, and can be sent again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach import notices
from outreach.errors import BadInput
from outreach.models import Notice, Source, Target
from outreach.models.fields import new_id
from outreach.models.statements import fetch
from outreach.models.states import Audience, NoticeChannel, SendStatus
from outreach.notices.telling import FIRST_PAUSE, GIVES_UP_AFTER, LONGEST_PAUSE, pause_after
from outreach.rehearsal.provider import Item, People, nobody
from tests.conftest import KEYS
from tests.harness.adas_case import an_outreach, ben
from tests.harness.commands import run
from tests.harness.databases import empty_sqlite
from tests.harness.provider_side import Clock, line_to, serving

pytestmark = pytest.mark.slow

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SHANGHAI = ZoneInfo("Asia/Shanghai")
GUIDE = Path(__file__).parents[1] / "docs" / "webhooks.md"


class Bank:
    """A source's own server: keeps each request as it came, and gives the answers of `answers`, then 204."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Response] = []
        self.silent = False
        self.app = Starlette(routes=[Route(path, self._take, methods=["POST", "GET"]) for path in ("/told", "/moved")])

    async def _take(self, request: Request) -> Response:
        if self.silent:
            await asyncio.Event().wait()
        self.asked.append(({"path": request.url.path, **request.headers}, await request.body()))
        return self.answers.pop(0) if self.answers else Response(status_code=204)


@dataclass
class Telling:
    """One source, its server, and news for it; `turn` does what is due at the clock's time."""

    bank: Bank
    client: httpx2.AsyncClient
    clock: Clock
    target: Target
    settings: Any
    messenger: Any
    url: str
    rows: list[Notice] = field(default_factory=list)

    async def news(self, kind: str = "reached", **given: Any) -> Notice:
        now = self.clock.time
        fields = {"audience": Audience.SOURCE, "channel": NoticeChannel.WEBHOOK, "kind": kind, "queued_at": now}
        fields |= {"target": self.target, "source_id": self.target.warning.source_id, "send_after": now} | given
        self.rows.append(await Notice.create(**fields))
        return self.rows[-1]

    async def turn(self) -> int:
        return await notices.send_due(self.messenger, self.client, self.settings, self.clock.time)

    async def now_of(self, row: Notice) -> Notice:
        return await Notice.get(id=row.id)

    async def until_given_up(self, row: Notice) -> int:
        """Let time pass, from each due time to the next, until it is given up; answers the tries."""
        for _ in range(200):
            row = await self.now_of(row)
            if row.status is SendStatus.FAILED:
                return row.tries
            self.clock.time = max(self.clock.time, row.send_after)
            await self.turn()
        raise AssertionError("It is never given up.")


@contextlib.asynccontextmanager
async def telling(people: People = nobody) -> AsyncIterator[Telling]:
    bank, wall = Bank(), datetime.now(UTC)
    async with serving(bank.app) as url, line_to(wall, people) as line, httpx2.AsyncClient(timeout=20) as client:
        case = await an_outreach(wall, webhook_url=f"{url}/told", webhook_secret=SECRET)
        target = await Target.get(outreach_id=case.id).prefetch_related("warning")
        yield Telling(bank, client, line.clock, target, line.settings, line.messenger, url)


async def board() -> list[Notice]:
    return await Notice.filter(kind="source_not_told").order_by("queued_at")


# The convention


async def test_news_sent_again_keeps_its_id_and_carries_the_time_and_signature_of_the_new_try(database: str) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=503)]
        row = await tale.news()
        await tale.turn()
        tale.clock.advance(seconds=5)
        await tale.turn()
    (first, body), (second, again) = tale.bank.asked
    assert first["webhook-id"] == second["webhook-id"] == str(row.id)
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 5
    assert first["webhook-signature"] != second["webhook-signature"]
    for headers, said in tale.bank.asked:
        assert Webhook(SECRET).verify(said, headers)["type"] == "target.reached"
    assert body == again and first["content-type"] == "application/json"


@pytest.mark.parametrize("status", [200, 202, 204, 299])
async def test_any_2xx_means_that_the_source_was_told(database: str, status: int) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=status)]
        row = await tale.news()
        await tale.turn()
        assert (await tale.now_of(row)).status is SendStatus.DELIVERED
        assert (await Target.get(id=tale.target.id)).told_at == tale.clock.time


async def test_a_redirect_is_no_2xx_and_is_not_followed(database: str) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=307, headers={"location": f"{tale.url}/moved"})]
        row = await tale.news()
        await tale.turn()
        assert (await tale.now_of(row)).status is SendStatus.QUEUED
        assert [headers["path"] for headers, _ in tale.bank.asked] == ["/told"]


async def test_a_source_that_never_answers_is_waited_for_a_while_and_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outreach.notices.webhooks.ANSWER_WITHIN_S", 0.2)
    async with telling() as tale:
        tale.bank.silent = True
        row = await tale.news()
        await tale.turn()
        assert (await tale.now_of(row)).status is SendStatus.QUEUED


async def test_sources_that_do_not_answer_keep_no_text_to_a_responder_waiting(database: str) -> None:
    arrived = asyncio.Event()

    async def people(item: Item) -> str | None:
        arrived.set()
        return None

    async with telling(people) as tale:
        tale.bank.silent, tale.settings.send_slots = True, 1
        for _ in range(3):
            await tale.news()
        given = {"audience": Audience.RESPONDER, "channel": NoticeChannel.SMS, "responder": await ben(tale.clock.time)}
        await tale.news("called_off", data={"why": "reached"}, send_after=tale.clock.time, **given)
        turning = asyncio.create_task(tale.turn())
        await asyncio.wait_for(arrived.wait(), 5)
        assert not turning.done()
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)


async def test_410_ends_it_at_once_and_nothing_more_goes_to_that_address(database: str) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=410)]
        row = await tale.news()
        await tale.turn()
        row, source = await tale.now_of(row), await Source.get(id=tale.target.warning.source_id)
        assert (row.status, row.failure, source.webhook_url) == (SendStatus.FAILED, "http_410", None)
        later = await tale.news("ended")
        await tale.turn()
        assert (await tale.now_of(later)).failure == "no_address" and len(tale.bank.asked) == 1
        assert len(await board()) == 1


async def test_a_410_of_an_old_address_leaves_the_new_one(database: str) -> None:
    async with telling() as tale:

        async def change() -> None:
            await notices.set_webhook("bank-1", f"{tale.url}/moved", keep_secret=True)

        tale.bank.answers = [Gone(change)]
        await tale.news()
        await tale.turn()
        assert (await Source.get(code="bank-1")).webhook_url == f"{tale.url}/moved"


class Gone(Response):
    """A 410 before which something else happens."""

    def __init__(self, before: Callable[[], Any]) -> None:
        super().__init__(status_code=410)
        self.before = before

    async def __call__(self, *given: Any) -> None:
        await self.before()
        await super().__call__(*given)


# Pauses


def test_pauses_double_up_to_an_hour_and_no_two_news_come_back_together() -> None:
    ids = [new_id() for _ in range(200)]
    for tries in (1, 2, 5, 12, 40):
        whole = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
        pauses = [pause_after(each, tries) for each in ids]
        assert all(whole / 2 <= pause <= whole for pause in pauses)
        assert len(set(pauses)) > 190 and max(pauses) - min(pauses) > whole / 3


async def test_a_source_that_asks_to_wait_is_not_asked_sooner_and_never_more_than_an_hour_later(database: str) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=429, headers={"retry-after": asked}) for asked in ("90", "99999")]
        tale.bank.answers.append(Response(status_code=429, headers={"retry-after": "Tue, 24 Nov 2026 04:00:00 GMT"}))
        waits = []
        row = await tale.news()
        for _ in range(3):
            await tale.turn()
            row = await tale.now_of(row)
            waits.append(row.send_after - tale.clock.time)
            tale.clock.time = row.send_after
        assert waits[:2] == [timedelta(seconds=90), LONGEST_PAUSE] and waits[2] <= timedelta(seconds=20)


# Dead letters


async def test_what_is_given_up_after_a_day_is_listed_and_the_board_is_told_once_per_source_and_day(
    database: str,
) -> None:
    async with telling() as tale:
        await notices.set_webhook("bank-1", "http://127.0.0.1:9/told")
        rows = [await tale.news("reached"), await tale.news("ended")]
        began = tale.clock.time
        assert all([await tale.until_given_up(row) > 20 for row in rows])
        assert GIVES_UP_AFTER - LONGEST_PAUSE <= tale.clock.time - began <= GIVES_UP_AFTER
        found = await notices.given_up("bank-1")
        assert {row.id for row in found} == {row.id for row in rows} and found[0].failure == "no_answer"
        assert await notices.given_up("nobody") == []
        # A day's tries end within one hour, which may hold a midnight.
        days = {row.failed_at.astimezone(SHANGHAI).date() for row in found if row.failed_at}
        told = await board()
        assert len(told) == len(days) and told[0].status is SendStatus.SENT and told[0].data == {"failure": "no_answer"}
        assert {row.source_id for row in told} == {tale.target.warning.source_id}


async def test_the_board_is_told_again_the_next_day(database: str) -> None:
    async with telling() as tale:
        await Source.filter(code="bank-1").update(webhook_secret=None)
        for _ in range(2):
            await tale.news()
            await tale.news()
            await tale.turn()
            tale.clock.advance(days=1)
        assert [row.data["failure"] for row in await board()] == ["no_secret", "no_secret"]


async def test_what_is_sent_again_keeps_its_id_and_has_another_day(database: str) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=500)] * 80
        row = await tale.news()
        await tale.until_given_up(row)
        assert await notices.send_again([row.id], tale.clock.time) == 1
        assert await notices.send_again([row.id], tale.clock.time) == 0
        tale.bank.answers = [Response(status_code=500)]
        await tale.turn()
        assert (await tale.now_of(row)).status is SendStatus.QUEUED
        tale.clock.advance(seconds=5)
        await tale.turn()
        row = await tale.now_of(row)
        assert (row.status, row.failure, row.failed_at) == (SendStatus.DELIVERED, None, None)
        assert {headers["webhook-id"] for headers, _ in tale.bank.asked} == {str(row.id)}
        said = [json.loads(body)["timestamp"] for _, body in tale.bank.asked]
        assert len(set(said)) == 1 and await notices.given_up() == []


async def test_a_text_that_failed_is_no_news_to_send_again(database: str) -> None:
    async with telling() as tale:
        failed = {"channel": NoticeChannel.SMS, "status": SendStatus.FAILED, "failed_at": tale.clock.time}
        text = await tale.news("called_off", audience=Audience.RESPONDER, **failed)
        assert await notices.given_up() == [] and await notices.send_again([text.id], tale.clock.time) == 0
        assert (await tale.now_of(text)).status is SendStatus.FAILED


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example/told",
        "http://10.0.0.1/told",
        "ftp://bank.example",
        "https://",
        "bank.example/told",
        "https://user:pass@bank.example/told",
        "https://bank.example/told#here",
        "https://bank.example/to ld",
        "https://bank.example:99999/told",
        "https://[bank/told",
        "https://bank.example/" + "x" * 500,
        "",
    ],
)
def test_news_goes_to_https_alone(url: str) -> None:
    with pytest.raises(BadInput):
        notices.checked_address(url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "bank.localhost"])
def test_this_machine_itself_may_be_told_without_https(host: str) -> None:
    assert notices.checked_address(f"http://{host}:8001/told") == f"http://{host}:8001/told"


async def test_a_new_secret_signs_at_once_and_rests_sealed(database: str) -> None:
    async with telling() as tale:
        secret = await notices.set_webhook("bank-1", f"{tale.url}/told")
        assert secret != SECRET and secret.startswith("whsec_")
        await tale.news()
        await tale.turn()
        headers, body = tale.bank.asked[0]
        assert Webhook(secret).verify(body, headers)["data"]["external_id"] == "w1"
        kept = await fetch("SELECT webhook_secret FROM source")
        assert str(kept[0]["webhook_secret"]).startswith("sealed:") and secret not in str(kept)
        assert await notices.set_webhook("bank-1", f"{tale.url}/moved", keep_secret=True) == secret


async def test_while_a_source_changes_its_secret_either_verifies_and_after_that_the_new_one_alone(
    database: str,
) -> None:
    async with telling() as tale:
        tale.clock.time = datetime.now(UTC)
        new = await notices.rotate_secret("bank-1", tale.clock.time, timedelta(minutes=4))
        await tale.news()
        await tale.turn()
        headers, body = tale.bank.asked[0]
        assert len(headers["webhook-signature"].split()) == 2
        assert all(Webhook(secret).verify(body, headers) for secret in (SECRET, new))
        tale.clock.advance(minutes=4)
        await tale.news("ended")
        await tale.turn()
        headers, body = tale.bank.asked[1]
        assert Webhook(new).verify(body, headers) and verifies(SECRET, headers, body) is False


def verifies(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        return bool(Webhook(secret).verify(body, headers))
    except WebhookVerificationError:
        return False


async def test_a_change_of_secret_that_is_ended_early_signs_with_the_new_one_at_once(database: str) -> None:
    async with telling() as tale:
        new = await notices.rotate_secret("bank-1", tale.clock.time, timedelta(hours=24))
        with pytest.raises(BadInput, match="--end"):
            await notices.rotate_secret("bank-1", tale.clock.time, timedelta(hours=24))
        await notices.end_rotation("bank-1")
        await tale.news()
        await tale.turn()
        headers, body = tale.bank.asked[0]
        assert verifies(new, headers, body) and not verifies(SECRET, headers, body)
        with pytest.raises(BadInput, match="is not changing it"):
            await notices.end_rotation("bank-1")


async def test_an_address_that_is_set_with_a_new_secret_is_signed_by_that_one_alone(database: str) -> None:
    async with telling() as tale:
        await notices.rotate_secret("bank-1", tale.clock.time, timedelta(hours=24))
        await notices.set_webhook("bank-1", f"{tale.url}/moved")
        await tale.news()
        await tale.turn()
        assert len(tale.bank.asked[0][0]["webhook-signature"].split()) == 1


async def test_both_secrets_rest_sealed(database: str) -> None:
    async with telling() as tale:
        await notices.rotate_secret("bank-1", tale.clock.time, timedelta(hours=24))
        kept = await fetch("SELECT webhook_secret, webhook_secret_before FROM source")
        assert all(str(value).startswith("sealed:") for value in kept[0].values())


async def test_a_source_whose_address_is_cleared_is_told_nothing_and_the_board_is_not_alarmed(database: str) -> None:
    async with telling() as tale:
        waiting = await tale.news()
        assert await notices.clear_webhook("bank-1") == 1
        assert await tale.turn() == 0 and tale.bank.asked == []
        assert (await tale.now_of(waiting)).status is SendStatus.CANCELLED and await board() == []
        with pytest.raises(BadInput, match="has no address"):
            await notices.clear_webhook("bank-1")
        assert await notices.set_webhook("bank-1", f"{tale.url}/told", keep_secret=True) == SECRET


# The guide and the commands


async def test_the_receiver_of_the_guide_takes_real_news_once_and_refuses_what_was_altered(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    snippet = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert snippet is not None
    theirs: dict[str, Any] = {}
    exec(snippet[1], theirs)
    async with telling() as tale:
        await tale.news("ended")
        await tale.turn()
    headers, body = tale.bank.asked[0]
    assert [theirs["take"](headers, body) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out == "target.ended w1\n"
    assert theirs["take"](headers, body.replace(b"w1", b"w2")) == 401
    assert theirs["take"]({**headers, "webhook-timestamp": "1"}, body) == 401


async def test_the_guide_shows_every_field_that_is_sent(database: str) -> None:
    shown = re.search(r"```json\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    async with telling() as tale:
        await tale.news("ended")
        await tale.turn()
    said = json.loads(tale.bank.asked[0][1])
    assert shape(json.loads(shown[1])) == shape(said)


def shape(said: dict[str, Any]) -> tuple[list[str], list[str]]:
    return sorted(said), sorted(said["data"])


async def typed(database: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    (folder / "keys.json").write_text(KEYS.to_json())
    given = outside | {"DATABASE_URL": database, "OUTREACH_KEYS_FILE": str(folder / "keys.json"), "COLUMNS": "60"}
    return await asyncio.to_thread(run, *words, env=given, cwd=folder)


@pytest.mark.slow
async def test_an_operator_lists_what_was_given_up_looks_and_sends_it_again(database: str, tmp_path: Path) -> None:
    async with telling() as tale:
        tale.bank.answers = [Response(status_code=410)]
        row = await tale.news()
        await tale.turn()
        listed = await typed(database, tmp_path, "webhooks")
        for word in (str(row.id), str(tale.target.id), "bank-1", "target.reached", "it asked for no more"):
            assert word in listed.stdout, listed
        assert "Ada" not in listed.stdout and "+44" not in listed.stdout
        told = json.loads((await typed(database, tmp_path, "webhooks", "--source", "bank-1", "--json")).stdout)
        assert (told["id"], told["failure"], told["tries"]) == (str(row.id), "http_410", 1)
        given = await typed(database, tmp_path, "source", "webhook", "bank-1", f"{tale.url}/told")
        assert given.returncode == 0 and given.stdout.startswith("whsec_")
        looked = await typed(database, tmp_path, "webhooks", "resend", "--source", "bank-1", "--all")
        assert "1 would be sent again" in looked.stdout and (await tale.now_of(row)).status is SendStatus.FAILED
        queued = await typed(database, tmp_path, "webhooks", "resend", str(row.id), "--apply")
        assert "1 queued" in queued.stdout
        tale.clock.time = max(tale.clock.time, datetime.now(UTC))
        await tale.turn()
        assert (await tale.now_of(row)).status is SendStatus.DELIVERED
        headers, body = tale.bank.asked[-1]
        assert Webhook(given.stdout.strip()).verify(body, headers)
        again = await typed(database, tmp_path, "webhooks", "resend", str(row.id), "--apply")
        assert again.returncode == 1 and "Not among what was given up" in again.stderr


@pytest.mark.slow
async def test_an_operator_changes_a_secret_with_an_overlap_and_clears_an_address(
    database: str, tmp_path: Path
) -> None:
    async with telling():
        rotated = await typed(database, tmp_path, "webhooks", "rotate", "bank-1", "--hours", "2")
        assert rotated.returncode == 0 and "for 2 hours" in rotated.stderr
        source = await Source.get(code="bank-1")
        assert rotated.stdout.strip() == source.webhook_secret and source.webhook_secret_before == SECRET
        again = await typed(database, tmp_path, "webhooks", "rotate", "bank-1")
        assert again.returncode == 1 and "`outreach webhooks rotate bank-1 --end`" in again.stderr
        ended = await typed(database, tmp_path, "webhooks", "rotate", "bank-1", "--end")
        assert ended.returncode == 0 and "newest secret" in ended.stdout and "whsec_" not in ended.stdout
        cleared = await typed(database, tmp_path, "source", "webhook", "bank-1", "--clear")
        assert cleared.returncode == 0 and "is told nothing any more" in cleared.stdout
        source = await Source.get(code="bank-1")
        assert (source.webhook_url, source.webhook_secret_before) == (None, None) and source.webhook_secret


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("source", "webhook", "bank"), "Name the address, or say --clear"),
        (("source", "webhook", "bank", "https://bank.example/told", "--clear"), "Name the address, or say --clear"),
        (("source", "webhook", "nobody", "--clear"), "There is no source nobody"),
        (("webhooks", "rotate", "nobody"), "There is no source nobody"),
        (("source", "webhook", "nobody", "https://bank.example/told"), "There is no source nobody"),
        (("webhooks", "--source", "nobody"), "There is no source nobody"),
        (("webhooks", "resend"), "Name the news by their ids, or say --all."),
        (("source", "add", "bank", "Bank", "--webhook-url", "http://bank.example"), "begins with https://"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    refused = asyncio.run(typed(f"sqlite:///{copy(empty_sqlite(), tmp_path / 'o.sqlite3')}", tmp_path, *words))
    assert refused.returncode != 0 and says in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.slow
def test_a_source_added_with_an_address_gets_a_secret_beside_its_token(tmp_path: Path) -> None:
    at = f"sqlite:///{copy(empty_sqlite(), tmp_path / 'o.sqlite3')}"
    made = asyncio.run(typed(at, tmp_path, "source", "add", "bank", "Bank", "--webhook-url", "https://bank.example/t"))
    assert made.returncode == 0 and "whsec_" in made.stderr and len(made.stdout.split()) == 1
