"""Whoever calls us back keeps one contract, at an address of its own; a second provider is a package, not a patch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from outreach.errors import BadInput, MisSet
from outreach.messaging.choosing import chosen_inbound, chosen_messenger
from outreach.messaging.contract import ContractLine, MessengerContract
from outreach.messaging.facts import Call, Report, Text
from outreach.messaging.inbound import Came, checked
from outreach.messaging.inbound_contract import HeardLine, InboundContract
from outreach.messaging.twilio import TwilioInbound
from outreach.rehearsal.provider import nobody
from outreach.settings import Settings
from outreach.web import routes_of
from tests.conftest import NOON
from tests.harness import pigeon_post
from tests.harness.adas_case import ADA
from tests.harness.pigeon_post import PigeonPost
from tests.harness.provider_side import TOKEN, serving

OURS = "https://ours.example/PROVIDER/attempts/1"


def by_twilio(came: Came) -> Mapping[str, str]:
    form = FormData(parse_qsl(came.body.decode(errors="replace"), keep_blank_values=True))
    return {"x-twilio-signature": RequestValidator(TOKEN).compute_signature(came.url, form)}


def form(**fields: str) -> Came:
    """A callback of Twilio's with these fields."""
    came = Came(OURS, {}, urlencode(fields).encode(), NOON)
    return replace(came, headers=by_twilio(came))


class TestTwilio(InboundContract):
    @pytest.fixture
    def heard(self) -> HeardLine:
        text, call = {"MessageSid": "SM1", "To": ADA}, {"CallSid": "CA1", "To": ADA}
        reports = [
            (form(**text, MessageStatus="sent"), Report("SM1", "sent", "sent")),
            (form(**text, MessageStatus="delivered"), Report("SM1", "delivered", "delivered")),
            (form(**text, MessageStatus="thawed"), Report("SM1", None, "thawed")),
            (
                form(**text, MessageStatus="undelivered", ErrorCode="21610"),
                Report("SM1", "failed", "undelivered", failure="21610", fault="opt_out", code="21610"),
            ),
            (
                form(**call, CallStatus="busy", SequenceNumber="2"),
                Report("CA1", "failed", "busy", failure="busy", sequence=2),
            ),
            (form(**call, CallStatus="completed"), Report("CA1", "sent", "completed", stage="over")),
            (form(**call, AnsweredBy="human"), Report("CA1", "answered", "human", by="human")),
            (
                form(**call, AnsweredBy="machine_start"),
                Report("CA1", "failed", "machine_start", failure="voicemail", by="machine"),
            ),
        ]
        said = {"From": ADA, "MessageSid": "SM2"}
        texts = [
            (form(**said, Body="1 é 好"), Text(ADA, "1 é 好", "SM2")),
            (form(**said, Body="ARRET", OptOutType="STOP"), Text(ADA, "ARRET", "SM2", "stop")),
        ]
        rung = {"CallSid": "CA1", "From": ADA}
        calls = [
            (form(**rung, AnsweredBy="fax"), Call(ADA, "CA1", "machine")),
            (form(**rung, Digits="1"), Call(ADA, "CA1", keys="1")),
            (form(**rung, SpeechResult="Yes."), Call(ADA, "CA1", speech="Yes.")),
        ]
        return HeardLine(TwilioInbound(Settings(twilio_auth_token=TOKEN)), by_twilio, reports, texts, calls)


@pytest.fixture
def pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The second provider's package is installed, and named."""
    pigeon_post.installed(tmp_path / "installed", monkeypatch)
    return Settings(messenger="pigeon", public_url="https://ours.example")


def by_pigeon(came: Came) -> Mapping[str, str]:
    return pigeon_post.signed(came.url, came.body, came.at)


def letter(**fields: object) -> Came:
    """A callback of Pigeon Post's with these fields."""
    came = Came(OURS, {}, json.dumps(fields).encode(), NOON)
    return replace(came, headers=by_pigeon(came))


class TestPigeonPost(InboundContract):
    @pytest.fixture
    def heard(self, pigeon: Settings) -> HeardLine:
        inbound = chosen_inbound(pigeon)
        assert inbound is not None
        reports = [
            (letter(ref="p-1", event="took_off", nth=1), Report("p-1", "sent", "took_off", sequence=1)),
            (letter(ref="p-1", event="landed", nth=2), Report("p-1", "delivered", "landed", sequence=2)),
            (letter(ref="p-1", event="moulted", nth=3), Report("p-1", None, "moulted", sequence=3)),
            (
                letter(ref="p-1", event="lost", why="no_such_roof", nth=2),
                Report("p-1", "failed", "lost", "no_such_roof", "bad_number", sequence=2, code="no_such_roof"),
            ),
            (letter(ref="p-2", event="engaged"), Report("p-2", "failed", "engaged", failure="busy")),
            (
                letter(ref="p-2", event="talked", taken_by="parrot"),
                Report("p-2", "failed", "talked", failure="voicemail", by="machine", stage="over"),
            ),
        ]
        texts = [(letter(roof=ADA, words="no", ref="in-1", wish="leave_me"), Text(ADA, "no", "in-1", "stop"))]
        calls = [(letter(ref="p-2", roof=ADA, pecked="1", taken_by="person"), Call(ADA, "p-2", "human", "1"))]
        return HeardLine(inbound, by_pigeon, reports, texts, calls)

    def test_a_request_kept_and_sent_again_later_is_forged(self, heard: HeardLine, now: datetime) -> None:
        late = replace(heard.requests[0], at=NOON.replace(minute=6))
        assert not heard.inbound.is_genuine(late)


class TestPigeonPostCarries(MessengerContract):
    @pytest.fixture
    async def line(self, pigeon: Settings, monkeypatch: pytest.MonkeyPatch):
        async with serving(PigeonPost(lambda: NOON, nobody, "").app) as api:
            monkeypatch.setenv("PIGEON_URL", api)
            messenger = chosen_messenger(pigeon)
            yield ContractLine(messenger, ADA, f"{api}/nowhere", NOON)
            await messenger.close()


def test_each_provider_is_called_back_under_its_own_name_and_the_other_is_not_there(pigeon: Settings) -> None:
    theirs, others = (
        {route.path for route in routes_of(settings) if route.signed} for settings in (pigeon, Settings())
    )
    assert {path.replace("/pigeon/", "/twilio/", 1) for path in theirs} == others and not theirs & others


@pytest.mark.parametrize("name", ["api", "board", "Pigeon", "pigeon/post", "a-name-that-is-too-long-for-a-row"])
def test_a_name_that_is_an_address_of_ours_or_no_address_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    info = tmp_path / "other-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        f"[outreach.inbound]\n{name} = outreach.messaging.twilio:inbound_from_settings\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MisSet, match="cannot be called"):
        routes_of(Settings(messenger=name))


def test_half_a_character_in_what_ada_writes_does_not_lose_her_word_and_in_an_id_it_is_refused(
    pigeon: Settings,
) -> None:
    inbound = chosen_inbound(pigeon)
    assert inbound is not None
    assert checked(inbound.text(letter(roof=ADA, words="he\0lp \ud83d", ref="in-1"))) == Text(ADA, "help ", "in-1")
    for ref in ("in\0", "in\ud83d", "i" * 65):
        with pytest.raises(BadInput) as refused:
            checked(inbound.text(letter(roof=ADA, words="help", ref=ref)))
        assert [fault.field for fault in refused.value.faults] == ["sid"]


def test_a_provider_that_is_only_ever_asked_has_no_address_here() -> None:
    assert not [route for route in routes_of(Settings(messenger="asked-only")) if route.signed]
