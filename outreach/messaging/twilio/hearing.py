"""What Twilio posts to us, and what it answers when asked, read into our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from outreach.messaging.facts import VOICEMAIL, By, Call, Report, Stage, State, Text, Wish
from outreach.messaging.inbound import Came, storable
from outreach.messaging.speaking import Spoken
from outreach.messaging.twilio.codes import fault_of
from outreach.messaging.twilio.signing import HEADER, check_signature
from outreach.messaging.twilio.speaking import NOTHING, document
from outreach.settings import Settings

ON_THE_WAY = {"accepted", "scheduled", "queued", "sending", "sent", "initiated", "ringing", "in-progress"}
ARRIVED = {"delivered", "read"}
FAILED = {"undelivered", "failed", "canceled", "busy", "no-answer"}
STAGES: dict[str, Stage] = {"in-progress": "picked_up", "answered": "picked_up", "completed": "over"}
CODES = ("MessageSid", "CallSid", "SmsSid", "ErrorCode")
WISHES: dict[str, Wish] = {"STOP": "stop", "START": "start", "HELP": "help"}
"""Twilio's own reading of a text (`OptOutType`)."""


class Form(dict[str, list[str]]):
    """A form as it came, with every value of a field: that is what is signed."""

    def getlist(self, name: str) -> list[str]:
        """The values of a field, by the name under which Twilio's library asks for them."""
        return self[name]


class TwilioInbound:
    """Twilio's callbacks: forms that it signs, answered in TwiML."""

    signature, reads, writes, nothing = HEADER, "application/x-www-form-urlencoded", "application/xml", NOTHING

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def numbers(self) -> frozenset[str]:
        """What we call from, and what texts come from: a call to either leads here."""
        return frozenset({self._settings.caller, self._settings.twilio_from} - {""})

    def is_genuine(self, came: Came) -> bool:
        """Whether Twilio signed this form."""
        token, form = self._settings.twilio_auth_token.get_secret_value(), Form()
        for name, value in _pairs(came):
            form.setdefault(name, []).append(value)
        return check_signature(token, came.url, form, came.headers.get(HEADER.lower()))

    def report(self, came: Came) -> Report:
        """What a status callback says; raises BadInput."""
        return report_of(_fields(came))

    def text(self, came: Came) -> Text:
        """A text that came in; raises BadInput."""
        form = _fields(came)
        sid = form.get("MessageSid") or form.get("SmsSid", "")
        wish = WISHES.get(form.get("OptOutType", "").upper(), "")
        return Text(form.get("From", ""), form.get("Body", ""), sid, wish)

    def call(self, came: Came) -> Call:
        """Who calls, and the keys or the words since the last; raises BadInput."""
        form = _fields(came)
        heard = form.get("Digits", ""), form.get("SpeechResult", "")
        return Call(form.get("From", ""), form.get("CallSid", ""), _by(form.get("AnsweredBy", "")), *heard)

    def document(self, spoken: Spoken) -> str:
        """The steps of a call as TwiML."""
        return document(spoken)


def _pairs(came: Came) -> list[tuple[str, str]]:
    return parse_qsl(came.body.decode(errors="replace"), keep_blank_values=True)


def _fields(came: Came) -> dict[str, str]:
    return storable(dict(_pairs(came)), CODES)


def report_of(form: Mapping[str, str]) -> Report:
    """What a status callback's form says: who took a call is told apart, and until then it is under way, even over."""
    word = form.get("MessageStatus") or form.get("CallStatus") or form.get("SmsStatus") or ""
    sid = form.get("MessageSid") or form.get("CallSid") or form.get("SmsSid") or ""
    code, picked_up = form.get("ErrorCode", ""), form.get("AnsweredBy", "")
    read, number = meaning(sid, word, code, picked_up), form.get("SequenceNumber", "")
    state: State | None = "sent" if word in STAGES and not picked_up else read.state
    sequence = int(number[:9]) if number.isdecimal() else 0
    return replace(read, state=state, word=word or picked_up, sequence=sequence)


def meaning(sid: str, word: str, code: str = "", answered_by: str = "") -> Report:
    """What one word means. A call is answered once a person, or nobody says a machine, picked up."""
    by = _by(answered_by)
    said = Report(sid, _state(word, answered_by), word, by=by, stage=STAGES.get(word, ""), code=code)
    if by == "machine":
        return replace(said, state="failed", failure=VOICEMAIL)
    if said.state == "failed":
        return replace(said, failure=code or word, fault=fault_of(code or word))
    return said


def _state(word: str, answered_by: str) -> State | None:
    if word in FAILED:
        return "failed"
    if word in ARRIVED:
        return "delivered"
    if word in ("completed", "answered") or answered_by:
        return "answered"
    return "sent" if word in ON_THE_WAY else None


def _by(answered_by: str) -> By:
    if answered_by.startswith(("machine", "fax")):
        return "machine"
    return "human" if answered_by == "human" else ""
