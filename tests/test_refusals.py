"""What the provider's codes mean: try again, never, a number that is none, or a word to the operator."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest
import structlog
import yaml

from outreach import attempts
from outreach.delivery import Room, claim
from outreach.messaging import SendRefused, rules_of
from outreach.messaging.twilio.codes import fault_of
from outreach.models import Attempt, Notice, Phone
from outreach.models.states import Channel, SendStatus
from tests.harness.adas_case import ADA, an_attempt, an_outreach
from tests.harness.provider_side import line_to, said_in

TABLE: dict[str, dict[int, str]] = yaml.safe_load(
    files("outreach.messaging.twilio").joinpath("codes.yaml").read_text(encoding="utf-8")
)
COUNTRIES = files("outreach.messaging").joinpath("countries.yaml").read_text(encoding="utf-8")


def test_each_code_has_one_meaning_and_a_sentence():
    codes = [code for kind in TABLE.values() for code in kind]
    assert len(codes) == len(set(codes)) >= 40
    assert all(says[0].isupper() and says.endswith(".") for kind in TABLE.values() for says in kind.values())


@pytest.mark.parametrize(
    ("code", "fault"),
    [("20429", "later"), ("21610", "opt_out"), ("21211", "bad_number"), ("20003", "ours"), ("99999", "never")],
)
def test_a_code_says_what_is_to_be_done(code: str, fault: str):
    assert fault_of(code) == fault


def test_a_refusal_without_a_known_code_is_read_by_its_http_status():
    assert [fault_of("99999", status) for status in (400, 401, 403, 429)] == ["never", "ours", "ours", "later"]


@pytest.mark.parametrize("code", ["21614", "21635", "30006", "21214"])
def test_a_landline_that_takes_no_texts_may_still_be_rung(code: str):
    assert fault_of(code) == "never"


@pytest.mark.parametrize(("code", "permanent"), [("20429", False), ("21611", False), ("21408", True), ("21614", True)])
async def test_what_may_work_later_is_not_refused_for_good(now: datetime, code: str, permanent: bool):
    async with line_to(now) as line:
        line.provider.faults.append(code)  # type: ignore[arg-type]
        with pytest.raises(SendRefused) as refused:
            await line.messenger.send_sms(ADA, "hello", "http://127.0.0.1:9/")
    assert (refused.value.code, refused.value.permanent) == (code, permanent)


async def test_a_number_that_does_not_exist_is_not_used_again(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.faults.append("21211")
        await line.send()
    assert (await Attempt.get(id=row.id)).failure == "21211" and (await Phone.get(id=row.phone_id)).wrong_at == now


async def test_a_failure_of_one_text_leaves_the_number_in_use(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now)
    async with line_to(now) as line:
        line.provider.faults.append("30006")
        await line.send()
    assert (await Attempt.get(id=row.id)).failure == "30006" and (await Phone.get(id=row.phone_id)).wrong_at is None


async def test_an_account_that_may_not_send_is_told_to_the_operator_once_an_hour(database: str, now: datetime):
    case = await an_outreach(now)
    with structlog.testing.capture_logs() as lines:
        async with line_to(now) as line:
            for _ in range(4):
                await an_attempt(case, line.clock.time)
            line.provider.faults.extend(["20003"] * 4)
            await line.send()
            assert [row.data async for row in _trouble()] == [{"code": "20003"}]
            await _fails(line, case, minutes=59)
            assert await _trouble().count() == 1
            await _fails(line, case, minutes=2)
            assert await _trouble().count() == 2
    said = [one for one in lines if one["event"] == "provider_refuses_us"]
    assert len(said) == 6 and said[0]["code"] == "20003" and said[0]["log_level"] == "error"


async def _fails(line: Any, case: Any, **later: float) -> None:
    await an_attempt(case, line.clock.advance(**later))
    line.provider.faults.append("21408")
    await line.send()


def _trouble() -> Any:
    return Notice.filter(kind="provider_trouble")


async def test_a_callback_that_blames_our_sender_is_told_too(database: str, now: datetime):
    row = await an_attempt(await an_outreach(now), now, Channel.SMS)
    await claim(Attempt, now, Room(1))
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30034"}
    await attempts.settle(row.id, said_in(form), now)
    assert (await Attempt.get(id=row.id)).status is SendStatus.FAILED and await _trouble().count() == 1


def test_each_line_about_a_country_says_where_it_is_from():
    listed = COUNTRIES.split("\nCN:\n", 1)[1]
    rules = [line for line in listed.splitlines() if line.startswith("  ")]
    assert len(rules) > 10 and all("# " in line and "https://" in line for line in rules)


def test_a_country_is_as_the_default_where_nothing_else_is_known_of_it():
    assert rules_of("TW").voice and not rules_of("TW").replies and rules_of("CN").refused_at_identical == 3
