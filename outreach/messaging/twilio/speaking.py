"""What is spoken in a call, written as TwiML."""

from __future__ import annotations

from typing import Any

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather as Gathering
from twilio.twiml.voice_response import VoiceResponse

from outreach.messaging.speaking import Dial, Gather, HangUp, Say, Spoken

VOICES = {"zh-CN": "Polly.Zhiyu", "en": "Polly.Joanna"}
SPOKEN = {"zh-CN": "cmn-CN", "en": "en-US"}
NOTHING = str(MessagingResponse())
"""The answer to a text by which nothing is sent back."""


def document(spoken: Spoken) -> str:
    """The steps of a call as TwiML."""
    said, voice = VoiceResponse(), _voice(spoken.language)
    for step in spoken.steps:
        match step:
            case Say(words):
                said.say(words, **voice)
            case Gather():
                said.append(_gathering(step, spoken.language))
            case Dial(number):
                said.dial(number)
            case HangUp():
                said.hangup()
    return str(said)


def _gathering(step: Gather, language: str) -> Any:
    heard = Gathering(
        num_digits=step.keys,
        input="dtmf speech",
        action=step.url,
        method="POST",
        timeout=8,
        action_on_empty_result=step.tell_silence or None,
        language="cmn-Hans-CN" if language == "zh-CN" else "en-US",
    )
    heard.say(step.words, **_voice(language))
    return heard


def _voice(language: str) -> dict[str, str]:
    return {"voice": VOICES.get(language, VOICES["en"]), "language": SPOKEN.get(language, SPOKEN["en"])}
