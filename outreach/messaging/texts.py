"""Every word we send or say, by key and language, kept in `words/*.yaml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("zh-CN", "en")
TO_RESIDENT = ("warned", "welfare")
TO_CONTACT = ("please_call", "please_call_more")
"""What `to_resident` says to the person at risk, and to whom they named; each in one-way countries as `…_one_way`."""

LINK = re.compile(r"://|\bwww\.|\w\.[a-z]{2,}", re.IGNORECASE)
"""What phones make a link of, with or without its scheme: https://…, www.…, care.example."""


@cache
def words_in(language: str) -> dict[str, str]:
    """All words of one of LANGUAGES by key."""
    text = files("outreach.messaging").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in yaml.safe_load(text).items()}


def language_for(wanted: str | None, otherwise: str) -> str:
    """The language of ours nearest to `wanted` (a BCP 47 tag), else nearest to `otherwise`, else English."""
    for tag in (wanted or "", otherwise):
        for language in LANGUAGES:
            if tag and tag.split("-")[0].lower() == language.split("-")[0]:
                return language
    return "en"


def compose(key: str, language: str, **values: object) -> str:
    """The words under `key` with `values` filled in; KeyError for a key nobody has written."""
    return words_in(language)[key].format(**values)


def has(key: str) -> bool:
    """Whether there are words under `key`."""
    return key in words_in("en")


def holds_link(text: str) -> bool:
    """Whether a phone would show something in `text` as a link."""
    return LINK.search(text) is not None


def to_resident(
    key: str, language: str, *, service: str, hotline: str, replies: bool, n: int = 1, word: str = ""
) -> str:
    """A resident's text, or a trusted contact's, who gets the case `word` to quote.

    `hotline` is empty where no number is allowed, `n` counts repeats so that none are alike.
    """
    own = key if replies or not has(f"{key}_one_way") else f"{key}_one_way"
    line = compose("hotline", language, number=hotline) if hotline else ""
    again = compose("again", language, n=n) if n > 1 else ""
    quoted = compose(f"{key}_word", language, word=word) if word else ""
    return compose(own, language, service=service, hotline=line, again=again, word=quoted)
