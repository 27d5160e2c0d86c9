"""What people write back or say to a machine, read by the words of each language kept in `replies/*.yaml`."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from outreach.messaging.facts import Wish
from outreach.messaging.texts import LANGUAGES

Meaning = Literal["yes", "stop", "start", "wrong_number", "help", "words"]
"""Of a resident's text; `words` are any that mean nothing else to us."""
MeaningOfContact = Literal["reported", "stop", "start", "wrong_number", "help", "words"]
KEYS = ("1", "2", "9")
APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


@cache
def replies_in(language: str) -> dict[str, frozenset[str]]:
    """The words of one of LANGUAGES by what they mean, as `plain` gives them."""
    text = files("outreach.messaging").joinpath("replies", f"{language}.yaml").read_text(encoding="utf-8")
    return {meaning: frozenset(map(plain, words)) for meaning, words in yaml.safe_load(text).items()}


def plain(text: str) -> str:
    """`text` without case, width, and the spaces and punctuation around it; the empty string where it has no words."""
    folded = " ".join(unicodedata.normalize("NFKC", text).translate(APOSTROPHES).casefold().split())
    first = next((at for at, letter in enumerate(folded) if not _around(letter)), len(folded))
    last = next((at for at, letter in enumerate(reversed(folded)) if not _around(letter)), 0)
    return folded[first : len(folded) - last]


def _around(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter)[0] in "PC"


def read_reply(body: str, provider_says: Wish = "") -> Meaning:
    """What a resident's text means; `provider_says` is the provider's own reading, whose stop stands whatever we read.

    The whole message must be one of our words: "stop" inside a sentence asks for nothing. A cry for help need only
    stand alone between two marks, as in "help, he is here"; the provider's help is one where we read nothing else.
    """
    if provider_says == "stop":
        return "stop"
    read: Meaning = next((meaning for meaning in get_args(Meaning) if _means(plain(body), meaning)), "words")
    return "help" if read == "words" and _cries(body, provider_says) else read


def read_contact(body: str, provider_says: Wish = "") -> MeaningOfContact:
    """What a trusted contact's text means: `reported` where they have seen or heard the person."""
    if provider_says == "stop":
        return "stop"
    read: MeaningOfContact = next(
        (meaning for meaning in get_args(MeaningOfContact) if _means(plain(body), meaning)), "words"
    )
    return "help" if read == "words" and _cries(body, provider_says) else read


def asks_to_start(body: str, provider_says: Wish = "") -> bool:
    """Whether a text takes back a wish to be left alone; a provider may take a yes from who was silent as such too."""
    return provider_says == "start" or read_reply(body, provider_says) == "start"


def key_meant(speech: str, language: str) -> str:
    """The key that what was said to a machine stands for, one of KEYS; the empty string for anything else."""
    said, known = plain(speech), replies_in(language)
    return next((key for key in KEYS if said in known[f"spoken_{key}"]), "")


def _cries(body: str, provider_says: Wish) -> bool:
    marked = "".join("\n" if unicodedata.category(letter)[0] == "P" and letter != "'" else letter for letter in body)
    parts = [plain(part) for part in marked.translate(APOSTROPHES).splitlines()]
    return provider_says == "help" or any(_means(part, "help") for part in parts)


def _means(said: str, meaning: str) -> bool:
    return any(said in replies_in(language).get(meaning, frozenset()) for language in LANGUAGES)
