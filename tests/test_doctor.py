"""The doctor: an operator learns before the first warning what would not work, and what to change."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from outreach.app import open_database
from outreach.cli.doctor.account import Account
from outreach.cli.doctor.command import as_data, drawn
from outreach.cli.doctor.environment import check_settings
from outreach.cli.doctor.findings import Finding
from outreach.cli.doctor.installation import check_database
from outreach.cli.doctor.provider import check_account
from outreach.cli.doctor.round_trip import check_round_trip, sign
from outreach.clock import SetClock
from outreach.messaging.twilio import check_signature
from outreach.models import Coordinator, Outreach
from outreach.models.connecting import connect
from outreach.models.sealing import Keyring
from outreach.rehearsal.provider import Provider
from outreach.settings import Settings
from tests.conftest import KEYS
from tests.harness.adas_case import an_outreach
from tests.harness.commands import run
from tests.harness.provider_side import TOKEN, serving
from tests.harness.story import story

pytestmark = pytest.mark.slow

OUTREACH = str(Path(sys.executable).parent / "outreach")
PUBLIC = "https://outreach.city.example"
SERVICE, CALLER = "MG" + "0" * 32, "+15005550007"


def settings(**given: Any) -> Settings:
    """An installation with which nothing is wrong."""
    chosen: dict[str, Any] = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": TOKEN, "country": "GB"}
    chosen |= {"twilio_from": "+15005550006", "public_url": PUBLIC, "hotline": "96110", "service_name": "City Care"}
    return Settings(**(chosen | given))


def wanting(found: Sequence[Finding]) -> list[str]:
    """What must be changed, as the operator reads it."""
    return [f"{each.about}: {each.says} {each.do}" for each in found if each.level == "change"]


# Settings


def test_settings_that_fit_together_need_nothing() -> None:
    assert {finding.level for finding in check_settings(settings(canary_to="+447911123456"))} == {"ok"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"twilio_account_sid": ""}, "no text and no call goes out"),
        ({"twilio_account_sid": "SK" + "0" * 32}, "is no account's id"),
        ({"twilio_auth_token": ""}, "OUTREACH_TWILIO_AUTH_TOKEN is empty"),
        ({"twilio_from": ""}, "neither a number nor a messaging service"),
        ({"twilio_from": "12025550100"}, "neither a number nor a messaging service"),
        ({"twilio_from": "MG123"}, "neither a number nor a messaging service"),
        ({"twilio_from": "A name too long"}, "neither a number nor a messaging service"),
        ({"twilio_voice_from": "CityCare"}, "OUTREACH_TWILIO_VOICE_FROM is no number"),
        ({"twilio_voice_from": SERVICE}, "OUTREACH_TWILIO_VOICE_FROM is no number"),
        ({"service_name": "care.example"}, "Service's name: It reads as a link"),
        ({"public_url": "http://outreach.city.example"}, "is not https"),
        ({"public_url": "http://127.0.0.1:8000"}, "is not https"),
        ({"public_url": "outreach.city.example"}, "is no plain address"),
        ({"public_url": "https://outreach.city.example:port"}, "is no plain address"),
        ({"provider_timeout_s": 60.0}, "another process takes"),
        ({"provider_timeout_s": 0.0}, "another process takes"),
        ({"log_level": "loud"}, "OUTREACH_LOG_LEVEL is none"),
        ({"city_time_zone": "Shanghai"}, "is no IANA zone"),
        ({"country": "XX"}, "OUTREACH_COUNTRY is no country"),
        ({"hotline": ""}, "No public hotline is set"),
        ({"canary_to": "07911 123456"}, "OUTREACH_CANARY_TO is no number"),
    ],
)
def test_a_setting_that_will_not_work_is_named_with_what_to_do(given: dict[str, Any], says: str) -> None:
    found = wanting(check_settings(settings(**given)))
    assert len(found) == 1 and says in found[0]


@pytest.mark.parametrize("sender", ["+12025550100", SERVICE, "12345", "CityCare"])
def test_texts_may_come_from_a_number_a_service_a_short_code_or_a_name(sender: str) -> None:
    assert not wanting(check_settings(settings(twilio_from=sender, twilio_voice_from=CALLER)))


def test_what_china_does_not_allow_is_worth_knowing_and_no_fault() -> None:
    found = [each for each in check_settings(settings(country="CN")) if each.about == "Country"]
    assert [each.level for each in found] == ["note"] and "no calls by machine and no answers" in found[0].says


def test_a_stand_in_on_this_machine_needs_no_https() -> None:
    here = settings(public_url="http://127.0.0.1:8000", twilio_api_url="http://127.0.0.1:8099")
    assert not wanting(check_settings(here))


def test_whoever_sends_through_another_provider_is_asked_for_no_account_with_twilio() -> None:
    none = {"twilio_account_sid": "", "twilio_auth_token": "", "twilio_from": ""}
    assert len(wanting(check_settings(settings(**none)))) == 1
    assert not wanting(check_settings(settings(messenger="pigeon", **none)))


# Twilio


@dataclass
class Asked:
    """The stand-in for Twilio, and what the doctor finds there."""

    provider: Provider
    settings: Settings
    clock: SetClock

    async def findings(self, **given: Any) -> list[Finding]:
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            return await check_account(self.settings.model_copy(update=given), self.clock, client)


@contextlib.asynccontextmanager
async def twilio(**given: Any) -> AsyncIterator[Asked]:
    clock = SetClock(datetime.now(UTC))
    provider = Provider(TOKEN, clock.now, inbound_url=f"{PUBLIC}/twilio/sms")
    async with serving(provider.app) as api:
        yield Asked(provider, settings(twilio_api_url=api, **given), clock)


async def test_an_account_in_order_needs_nothing() -> None:
    async with twilio() as asked:
        found = await asked.findings()
    assert {each.level for each in found} == {"ok"}
    assert {"Twilio account", "Clock", "Sender", "Texts that come in"} <= {each.about for each in found}


async def test_wrong_credentials_are_said_and_nothing_else_is_asked() -> None:
    async with twilio() as asked:
        found = await asked.findings(twilio_auth_token=SecretStr("another"))
    assert len(wanting(found)) == 1 and "refuses these credentials" in wanting(found)[0]


async def test_a_suspended_account_is_said_and_a_trial_one_is_noted() -> None:
    async with twilio() as asked:
        asked.provider.account.status = "suspended"
        assert "The account is suspended." in wanting(await asked.findings())[0]
        asked.provider.account.status, asked.provider.account.type = "active", "Trial"
        found = await asked.findings()
    assert not wanting(found) and any("trial account" in each.says for each in found if each.level == "note")


async def test_a_provider_that_is_not_reached_is_said() -> None:
    async with twilio() as asked:
        found = await asked.findings(twilio_api_url="http://127.0.0.1:9")
    assert len(found) == 1 and "was not reached" in wanting(found)[0]


@pytest.mark.parametrize(("off_by_s", "which"), [(60, "ahead of"), (-60, "behind")])
async def test_a_clock_that_goes_wrong_is_said_with_which_way(off_by_s: float, which: str) -> None:
    async with twilio() as asked:
        asked.clock.advance(timedelta(seconds=off_by_s))
        found = wanting(await asked.findings())
    assert len(found) == 1 and re.search(rf"clock is (59|6\d) s {which} Twilio's", found[0])


def change_number(**given: Any) -> Callable[[Provider], None]:
    return lambda provider: provider.account.number.update(given)


def change_caller(**given: Any) -> Callable[[Provider], None]:
    return lambda provider: provider.account.numbers.update({CALLER: given})


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda provider: setattr(provider.account, "owns", False), "+15005550006 is no number of this account."),
        (change_number(capabilities={"sms": False, "voice": True}), "cannot send texts"),
        (change_number(capabilities={"sms": True, "voice": False}), "cannot make calls"),
        (change_number(sms_url=""), "Twilio sends them nowhere."),
        (change_number(sms_url="https://demo.example/sms"), f"set the webhook to {PUBLIC}/twilio/sms, HTTP POST"),
        (change_number(sms_method="GET"), "Twilio sends them by GET."),
        (change_number(voice_url=""), "Calls that come in: Twilio sends them nowhere."),
        (change_number(voice_url=f"{PUBLIC}/twilio/sms"), f"set the webhook to {PUBLIC}/twilio/voice, HTTP POST"),
        (change_number(voice_method="GET"), "Calls that come in: Twilio sends them by GET."),
        (change_number(voice_application_sid="AP" + "0" * 32), "Calls that come in: An application of Twilio's"),
        (change_number(trunk_sid="TK" + "0" * 32), "Calls that come in: A SIP trunk takes them."),
        (change_number(sms_application_sid="AP" + "0" * 32), "An application of Twilio's takes them."),
    ],
)
async def test_a_number_that_will_not_do_is_said_with_what_to_change(
    fault: Callable[[Provider], None], says: str
) -> None:
    async with twilio() as asked:
        fault(asked.provider)
        found = wanting(await asked.findings())
    assert len(found) == 1 and says in found[0]


@pytest.mark.parametrize("name", ["status_callback", "sms_fallback_url", "voice_fallback_url"])
async def test_somebody_else_who_is_told_of_texts_and_calls_is_noted(name: str) -> None:
    async with twilio() as asked:
        asked.provider.account.number[name] = "https://somebody.example/told"
        found = await asked.findings()
        assert not wanting(found) and "Another address is told" in one(found, "Status callbacks").says
        asked.provider.account.number[name] = f"{PUBLIC}/twilio/anything"
        assert one(await asked.findings(), "Status callbacks").level == "ok"


def one(found: Sequence[Finding], about: str) -> Finding:
    [it] = [each for each in found if each.about == about]
    return it


async def test_a_number_without_voice_will_do_where_nobody_may_be_called_anyway() -> None:
    async with twilio(country="CN") as asked:
        asked.provider.account.number["capabilities"] = {"sms": True, "voice": False}
        assert not wanting(await asked.findings())


async def test_a_messaging_service_must_exist_and_lead_here() -> None:
    async with twilio(twilio_from=SERVICE, twilio_voice_from=CALLER) as asked:
        assert {each.level for each in await asked.findings()} == {"ok"}
        asked.provider.account.service["status_callback"] = "https://somebody.example/told"
        assert one(await asked.findings(), "Status callbacks").level == "note"
        asked.provider.account.service["inbound_request_url"] = None
        assert "Twilio sends them nowhere. On the service's page" in wanting(await asked.findings())[0]
        asked.provider.account.service["use_inbound_webhook_on_number"] = True
        found = await asked.findings()
        assert not wanting(found) and any("Each number" in each.says for each in found)
        asked.provider.account.owns = False
        assert "does not exist" in wanting(await asked.findings())[0]


@pytest.mark.parametrize(
    ("sender", "what"), [(SERVICE, "A messaging service"), ("12345", "A short code"), ("CityCare", "A name")]
)
async def test_what_cannot_ring_anybody_wants_a_number_that_can(sender: str, what: str) -> None:
    async with twilio(twilio_from=sender) as asked:
        [found] = wanting(await asked.findings())
        assert f"{what} cannot ring anybody" in found and "Set OUTREACH_TWILIO_VOICE_FROM" in found
        assert not wanting(await asked.findings(twilio_voice_from=CALLER))
        found_in_china = await asked.findings(country="CN")
        assert not wanting(found_in_china) and "no official line" in one(found_in_china, "Caller").says


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda provider: provider.account.numbers.update({CALLER: None}), f"{CALLER} is no number of this account."),
        (change_caller(capabilities={"sms": True, "voice": False}), f"{CALLER} cannot make calls."),
        (change_caller(voice_url=""), "Calls that come in: Twilio sends them nowhere."),
        (change_caller(voice_url=f"{PUBLIC}/twilio/sms"), f"set the webhook to {PUBLIC}/twilio/voice, HTTP POST"),
        (change_caller(voice_method="GET"), "Calls that come in: Twilio sends them by GET."),
        (change_caller(trunk_sid="TK" + "0" * 32), "Calls that come in: A SIP trunk takes them."),
    ],
)
@pytest.mark.parametrize("sender", [SERVICE, "12345", "CityCare", "+15005550006"])
async def test_a_number_for_calls_that_will_not_do_is_said_whatever_sends_the_texts(
    sender: str, fault: Callable[[Provider], None], says: str
) -> None:
    async with twilio(twilio_from=sender, twilio_voice_from=CALLER) as asked:
        assert not wanting(await asked.findings())
        fault(asked.provider)
        found = wanting(await asked.findings())
    assert len(found) == 1 and says in found[0]


async def test_a_number_for_calls_that_tells_somebody_else_is_noted_as_well() -> None:
    async with twilio(twilio_from=SERVICE, twilio_voice_from=CALLER) as asked:
        change_caller(voice_fallback_url="https://somebody.example/told")(asked.provider)
        assert "the fallback for calls" in one(await asked.findings(), "Status callbacks").says


async def test_a_number_that_only_writes_needs_no_voice_and_leads_here_all_the_same_where_it_has_it() -> None:
    async with twilio(twilio_voice_from=CALLER) as asked:
        here = asked.provider.account.numbers[asked.settings.twilio_from] = {"voice_url": ""}
        assert "Calls to the sender: Twilio sends them nowhere." in wanting(await asked.findings())[0]
        here["capabilities"] = {"sms": True, "voice": False}
        found = await asked.findings()
        assert not wanting(found) and one(found, "Sender").says == "+15005550006 is the account's, for texts."
        assert one(found, "Caller").says == f"{CALLER} is the account's, for calls."


async def test_a_short_code_must_be_the_accounts_and_lead_here() -> None:
    async with twilio(twilio_from="12345", twilio_voice_from=CALLER) as asked:
        assert {each.level for each in await asked.findings()} == {"ok"}
        asked.provider.account.numbers["12345"] = {"sms_url": ""}
        assert "Twilio sends them nowhere. On the short code's page" in wanting(await asked.findings())[0]
        asked.provider.account.numbers["12345"] = None
        assert "12345 is no short code of this account." in wanting(await asked.findings())[0]


async def test_a_name_that_sends_texts_hears_no_answers_which_is_worth_knowing() -> None:
    async with twilio(twilio_from="CityCare", twilio_voice_from=CALLER) as asked:
        found = one(await asked.findings(), "Sender")
    assert found.level == "note" and "hears no answers" in found.says


def test_messaging_services_are_asked_about_at_twilios_other_host() -> None:
    asked = [Account(httpx2.AsyncClient(), settings(twilio_api_url=url)).messaging for url in HOSTS]
    assert asked == list(HOSTS.values())


HOSTS = {
    "https://api.twilio.com": "https://messaging.twilio.com",
    "https://api.dublin.ie1.twilio.com/": "https://messaging.dublin.ie1.twilio.com",
    "http://127.0.0.1:8099": "http://127.0.0.1:8099",
}


# The way back


async def asked_at(url: str, **given: Any) -> list[Finding]:
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        return await check_round_trip(settings(public_url=url, **given), client)


async def test_what_twilio_signs_is_heard_what_nobody_signed_is_refused_and_nothing_is_changed(database: str) -> None:
    async with story(datetime.now(UTC)) as tale:
        before = await Outreach.all().count(), len(tale.provider.items)
        found = await asked_at(tale.settings.public_url + "/")
        assert [each.level for each in found] == ["ok", "ok"]
        assert (await Outreach.all().count(), len(tale.provider.items)) == before


async def test_a_token_that_is_not_the_servers_is_said(database: str) -> None:
    async with story(datetime.now(UTC)) as tale:
        found = wanting(await asked_at(tale.settings.public_url, twilio_auth_token="another"))
    assert len(found) == 1 and "signed as Twilio signs was refused" in found[0]


async def test_an_address_that_leads_elsewhere_or_nowhere_is_said() -> None:
    page = Starlette(routes=[Route("/{path:path}", welcome, methods=["GET", "POST"])])
    async with serving(page) as url:
        assert "is not Outreach" in wanting(await asked_at(url))[0]
    assert "does not answer from here" in wanting(await asked_at("http://127.0.0.1:9"))[0]


async def test_something_in_between_that_hears_everybody_is_said() -> None:
    async with serving(Starlette(routes=[Route("/{path:path}", alive, methods=["GET", "POST"])])) as url:
        assert "nobody signed was answered 200" in wanting(await asked_at(url))[0]


async def welcome(request: Request) -> Response:
    return PlainTextResponse("Welcome to nginx!")


async def alive(request: Request) -> Response:
    return PlainTextResponse('{"status": "alive"}')


def test_the_doctor_signs_as_twilios_own_library_checks() -> None:
    form = {"CallSid": "CA1", "Body": "是 1", "A": ""}
    assert check_signature("token", PUBLIC, form, sign("token", PUBLIC, form))


# The database and the keys


def at(database_url: str, folder: Path, keys: Keyring | None = KEYS) -> Settings:
    file = folder / "keys.json"
    if keys is not None:
        file.touch(mode=0o600)
        file.write_text(keys.to_json())
    return settings(database_url=database_url, keys_file=file)


async def in_use(given: Settings, now: datetime) -> None:
    """Policies are installed, and Cleo's name is sealed."""
    context = await open_database(given, SetClock(now))
    await Coordinator.create(name="Cleo")
    await context.close_connections()


async def test_a_database_in_use_with_its_keys_needs_nothing(database_url: str, tmp_path: Path, now: datetime) -> None:
    given = at(database_url, tmp_path)
    await in_use(given, now)
    found = await check_database(given, now)
    assert not wanting(found) and "They open what is stored." in {each.says for each in found}


async def test_other_keys_than_those_that_sealed_are_said(database_url: str, tmp_path: Path, now: datetime) -> None:
    await in_use(at(database_url, tmp_path), now)
    other = at(database_url, tmp_path, Keyring("t1", {"t1": b"x" * 32}, b"h" * 32))
    assert "sealed with other keys" in wanting(await check_database(other, now))[0]
    (tmp_path / "keys.json").unlink()
    assert "there are no keys" in wanting(await check_database(at(database_url, tmp_path, None), now))[0]
    assert not (tmp_path / "keys.json").exists()


async def test_another_hashing_key_would_find_nobody_again(database_url: str, tmp_path: Path, now: datetime) -> None:
    context = await connect(database_url, KEYS)
    await an_outreach(now)
    await context.close_connections()
    other = at(database_url, tmp_path, Keyring("t1", {"t1": b"t" * 32}, b"x" * 32))
    assert "the hashing key is another" in " ".join(wanting(await check_database(other, now)))


async def test_work_that_waits_is_said(database_url: str, tmp_path: Path, now: datetime) -> None:
    context = await connect(database_url, KEYS)
    await an_outreach(now)
    await context.close_connections()
    found = wanting(await check_database(at(database_url, tmp_path), now + timedelta(days=1)))
    assert len(found) == 1 and "1 steps or messages are late. Does `outreach serve` run?" in found[0]


async def test_a_database_that_is_not_there_is_said_and_not_made(tmp_path: Path, now: datetime) -> None:
    found = wanting(await check_database(at(f"sqlite:///{tmp_path / 'o.sqlite3'}", tmp_path), now))
    assert len(found) == 1 and "`outreach migrate` makes it" in found[0]
    assert not (tmp_path / "o.sqlite3").exists()


async def test_an_empty_database_lacks_migrations(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "o.sqlite3").touch()
    found = wanting(await check_database(at(f"sqlite:///{tmp_path / 'o.sqlite3'}", tmp_path), now))
    assert len(found) == 1 and re.search(r"It lacks \d+ migrations. Run `outreach migrate`", found[0])


async def test_a_server_that_does_not_answer_is_said_without_its_password(tmp_path: Path, now: datetime) -> None:
    given = at("postgres://someone:hush-hush@127.0.0.1:9/name", tmp_path)
    found = wanting(await check_database(given, now))
    assert len(found) == 1 and "does not answer" in found[0] and "hush" not in found[0]
    engine = at("mysql://someone:hush-hush@127.0.0.1:9/name", tmp_path)
    assert "hush" not in wanting(await check_database(engine, now))[0]


async def test_keys_that_others_may_read_are_noted(database_url: str, tmp_path: Path, now: datetime) -> None:
    given = at(database_url, tmp_path)
    given.keys_file.chmod(0o644)
    assert "chmod 600 keys.json" in {each.do for each in await check_database(given, now)}


# The whole of it


def test_each_finding_is_drawn_with_its_mark_and_what_to_do() -> None:
    parts = [("Settings", check_settings(settings(hotline="", country="CN")))]
    console = Console(width=100, record=True)
    for line in drawn(parts):
        console.print(line)
    text = console.export_text()
    assert "✗  Hotline" in text and "→ Set OUTREACH_HOTLINE." in text and "One thing to change." in text
    assert as_data(parts)["well"] is False


async def typed(tale_settings: Settings, database: str, folder: Path, *words: str, **given: str) -> Any:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    env = {
        name: getattr(tale_settings, name.lower()) for name in ("TWILIO_ACCOUNT_SID", "TWILIO_FROM", "TWILIO_API_URL")
    }
    env |= {"TWILIO_AUTH_TOKEN": TOKEN, "PUBLIC_URL": tale_settings.public_url, "KEYS": KEYS.to_json()}
    env |= {"COUNTRY": "GB", "HOTLINE": "96110", "SERVICE_NAME": "City Care"} | given
    named = outside | {f"OUTREACH_{name}": value for name, value in env.items()} | {"DATABASE_URL": database}
    return await asyncio.to_thread(run, "doctor", *words, env=named, cwd=folder)


@pytest.mark.slow
async def test_an_operator_asks_the_doctor_before_going_live(database: str, tmp_path: Path) -> None:
    async with story(datetime.now(UTC)) as tale:
        well = await typed(tale.settings, database, tmp_path)
        assert well.returncode == 0 and "All is well." in well.stdout, well
        ill = await typed(tale.settings, database, tmp_path, "--json", TWILIO_AUTH_TOKEN="another", HOTLINE="")
        told = json.loads(ill.stdout)
        assert ill.returncode == 1 and told["well"] is False
        faults = {each["about"] for each in told["findings"] if each["level"] == "change"}
        assert faults == {"Hotline", "Twilio account", "Signature"}
        secrets = [TOKEN, *json.loads(KEYS.to_json())["sealing"].values(), base64.b64encode(b"h" * 32).decode()]
        for said in (well.stdout, well.stderr, ill.stderr, str(told)):
            assert not [each for each in secrets if each in said]
        assert "Traceback" not in well.stderr + ill.stderr and not list(tmp_path.glob("*.json"))


@pytest.mark.slow
def test_a_newcomer_without_any_setting_is_told_where_to_begin(tmp_path: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("OUTREACH_", "DATABASE_URL"))}
    asked = run("doctor", env=outside, cwd=tmp_path)
    assert asked.returncode == 1 and "Set OUTREACH_TWILIO_ACCOUNT_SID" in asked.stdout
    assert "Traceback" not in asked.stderr and not list(tmp_path.iterdir())
