"""Promise 15: the source that warned is told, signed, when the person is reached and when it ends, and can poll it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.models import Area
from tests.harness.provider_side import serving
from tests.harness.story import Story, story

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Bank:
    """The bank's own server: keeps what it is told and refuses what is not signed with its secret."""

    def __init__(self) -> None:
        self.status, self.told = 204, list[dict[str, Any]]()
        self.app = Starlette(routes=[Route("/told", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        Webhook(SECRET).verify(body, dict(request.headers))
        self.told.append(json.loads(body))
        return Response(status_code=self.status)


async def listens(tale: Story, url: str) -> None:
    """The bank gives the address at which it wants to be told."""
    source = tale.cast.source
    source.webhook_url, source.webhook_secret = f"{url}/told", SECRET
    await source.save()


async def test_the_bank_is_told_when_ada_is_reached_and_when_it_ends_and_the_feed_says_the_same(
    database: str,
) -> None:
    bank = Bank()
    # Signatures carry their time and are good for five minutes of the real day.
    async with serving(bank.app) as url, story(datetime.now(UTC)) as tale:
        await listens(tale, url)
        tale.provider.faults.extend(["30003", "busy"])
        tale.ben.expect_sms()
        warned = await tale.warn()
        await tale.advance(minutes=0)
        await tale.report_outcome("not_convinced", minutes=1)
        await tale.settle()
        assert [each["type"] for each in bank.told] == ["target.reached"]
        reached = (await tale.status_of(warned))["targets"][0]
        assert reached["told_at"] == tale.clock.now().isoformat() and reached["ended_at"] is None
        found = await tale.call(
            "cleo", "POST", f"/api/outreaches/{warned['outreach_id']}/contact", {"outcome": "convinced"}
        )
        assert found.status_code == 200, found.text
        await tale.settle()
        assert [each["type"] for each in bank.told] == ["target.reached", "target.ended"]
        assert bank.told[1]["data"]["end_state"] == "convinced"
        lines = (await tale.call("bank", "GET", "/api/feed")).json()["events"]
        assert [line["kind"] for line in lines] == ["joined", "target_reached", "target_ended"]
        for line, told in zip(lines[1:], bank.told, strict=True):
            assert {line["target_id"], warned["target_id"]} == {told["data"]["target_id"]}
        assert moments(lines) == [bank.told[0]["data"]["reached_at"], bank.told[1]["data"]["ended_at"]]


async def lives_where_it_is_noon(now: datetime) -> None:
    """At medium severity people are written to by day only, and this story plays at the time of its run."""
    # In POSIX's reckoning a zone west of Greenwich is positive.
    await Area.all().update(time_zone=f"Etc/GMT{now.hour - 12:+d}")


def moments(lines: list[dict[str, Any]]) -> list[str]:
    """When the feed says that Ada was reached and that it ended, written as the bank is told them."""
    known = {line["kind"]: datetime.fromisoformat(line["at"]).astimezone(UTC) for line in lines}
    return [known[kind].isoformat().replace("+00:00", "Z") for kind in ("target_reached", "target_ended")]


async def test_a_bank_that_was_down_is_told_again_and_nothing_of_it_names_ada(database: str) -> None:
    bank = Bank()
    bank.status = 503
    async with serving(bank.app) as url, story(datetime.now(UTC)) as tale:
        await listens(tale, url)
        await lives_where_it_is_noon(tale.clock.now())
        tale.ada.expect_sms().then_reply("1")
        warned = await tale.warn(severity="medium", detected_at=tale.clock.now().isoformat())
        await tale.settle()
        assert (await tale.status_of(warned))["targets"][0]["told_at"] is None
        bank.status = 204
        await tale.advance(minutes=1)
        assert (await tale.status_of(warned))["targets"][0]["told_at"] is not None
        assert "Ada" not in json.dumps(bank.told) and "+44" not in json.dumps(bank.told)
