"""What is spoken in a call, in steps that every provider can take; its package writes them as that provider's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Speak these words."""

    words: str


@dataclass(frozen=True)
class Gather:
    """Speak these words and wait for so many `keys`, pressed or said; they are posted to `url`, where the call goes on.

    Silence goes on with the next step; with `tell_silence` it is posted as well.
    """

    words: str
    keys: int
    url: str
    tell_silence: bool = False


@dataclass(frozen=True)
class Dial:
    """Ring this number and put both through."""

    number: str


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Step = Say | Gather | Dial | HangUp


@dataclass(frozen=True)
class Spoken:
    """The steps of a call, in turn, in one language; it ends after the last."""

    language: str
    steps: tuple[Step, ...]


def ask_for_key(words: str, key_url: str, goodbye: str, language: str, *, tell_silence: bool = False) -> Spoken:
    """Say `words`, send a key or a word to `key_url`; silence is told there too, or answered with `goodbye`."""
    return Spoken(language, (Gather(words, 1, key_url, tell_silence), Say(goodbye)))


def ask_for_digits(words: str, count: int, url: str, otherwise: str, number: str, language: str) -> Spoken:
    """Say `words` and wait for `count` digits, keyed or said, sent to `url`; else say `otherwise` and ring `number`."""
    through = (Dial(number),) if number else ()
    return Spoken(language, (Gather(words, count, url), Say(otherwise), *through))


def say(words: str, language: str) -> Spoken:
    """Say `words` and hang up."""
    return Spoken(language, (Say(words), HangUp()))


def connect(words: str, number: str, language: str) -> Spoken:
    """Say `words`, then ring `number` and put both through."""
    return Spoken(language, (Say(words), Dial(number)))
