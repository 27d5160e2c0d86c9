"""What a call says, as TwiML: built here so that no other room writes Twilio's markup."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Gather, VoiceResponse

VOICES = {"zh-CN": "Polly.Zhiyu", "en": "Polly.Joanna"}
SPOKEN = {"zh-CN": "cmn-CN", "en": "en-US"}


def ask_for_key(words: str, key_url: str, goodbye: str, language: str, *, tell_silence: bool = False) -> str:
    """Say `words`, send a key or a word to `key_url`; silence is told there too, or answered with `goodbye`."""
    said = VoiceResponse()
    heard = Gather(
        num_digits=1,
        input="dtmf speech",
        action=key_url,
        method="POST",
        timeout=8,
        action_on_empty_result=tell_silence or None,
        language=_heard(language),
    )
    heard.say(words, voice=_voice(language), language=_spoken(language))
    said.append(heard)
    said.say(goodbye, voice=_voice(language), language=_spoken(language))
    return str(said)


def ask_for_digits(words: str, count: int, url: str, otherwise: str, number: str, language: str) -> str:
    """Say `words` and wait for `count` digits, keyed or said, sent to `url`; else say `otherwise` and ring `number`."""
    said = VoiceResponse()
    heard = Gather(
        num_digits=count, input="dtmf speech", action=url, method="POST", timeout=8, language=_heard(language)
    )
    heard.say(words, voice=_voice(language), language=_spoken(language))
    said.append(heard)
    said.say(otherwise, voice=_voice(language), language=_spoken(language))
    if number:
        said.dial(number)
    return str(said)


def say(words: str, language: str) -> str:
    """Say `words` and hang up."""
    said = VoiceResponse()
    said.say(words, voice=_voice(language), language=_spoken(language))
    said.hangup()
    return str(said)


def connect(words: str, number: str, language: str) -> str:
    """Say `words`, then ring `number` and put both through."""
    said = VoiceResponse()
    said.say(words, voice=_voice(language), language=_spoken(language))
    said.dial(number)
    return str(said)


def nothing() -> str:
    """The answer to an inbound text that asks the provider to do nothing."""
    return str(MessagingResponse())


def _voice(language: str) -> str:
    return VOICES.get(language, VOICES["en"])


def _spoken(language: str) -> str:
    return SPOKEN.get(language, SPOKEN["en"])


def _heard(language: str) -> str:
    return "cmn-Hans-CN" if language == "zh-CN" else "en-US"
