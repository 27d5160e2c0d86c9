"""The parts by which a name or an address is looked for: letters run together, pinyin and its first letters."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

MOST_READINGS = 8
LONGEST_NAME = 40
LONGEST_ADDRESS = 200
LONGEST_BEGINNING = 12


def plain(text: str) -> str:
    """The text as people compare it: width, case, spaces and marks between words do not count."""
    told = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in told if letter.isalnum())


def words_of(text: str) -> list[str]:
    """The words of a text, each plain; marks between them count as spaces."""
    told = unicodedata.normalize("NFKC", text).casefold()
    spaced = "".join(letter if letter.isalnum() else " " for letter in told)
    return spaced.split()


def parts_of_name(name: str) -> set[str]:
    """What a name is found by.

    Of a Chinese one every run of its characters, and of their pinyin and its first letters; of another the beginnings
    of its words, and all of it.
    """
    whole = plain(name[:LONGEST_NAME])
    found = {whole} if whole else set()
    for word in words_of(name[:LONGEST_NAME]):
        found |= _parts_of_han(word) if _is_han(word) else _beginnings(word)
    if _is_han(whole):
        found |= _parts_of_han(whole)
    return found


def parts_of_address(address: str) -> set[str]:
    """What an address is found by: every two and every three letters that stand together."""
    text = plain(address[:LONGEST_ADDRESS])
    return {*_runs(text, 2), *_runs(text, 3)}


def parts_of_wanted(text: str) -> set[str]:
    """Which of an address' parts it must have to hold this text; none for a single letter."""
    return set(_runs(text, 3 if len(text) > 2 else 2))


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _beginnings(word: str) -> set[str]:
    return {word[:length] for length in range(2, min(len(word), LONGEST_BEGINNING) + 1)} | {word}


def _is_han(text: str) -> bool:
    return bool(text) and all("\u3400" <= letter <= "\u9fff" or letter >= "\U00020000" for letter in text)


def _parts_of_han(name: str) -> set[str]:
    found: set[str] = set()
    for begin in range(len(name)):
        for end in range(begin + 1, len(name) + 1):
            found.add(name[begin:end])
            for said in islice(product(*(_readings(letter) for letter in name[begin:end])), MOST_READINGS):
                found.add("".join(said))
                if end > begin + 1:
                    found.add("".join(syllable[0] for syllable in said))
    return found


@cache
def _readings(letter: str) -> tuple[str, ...]:
    """How a character is read, without tones; `ü` is written as passports and keyboards write it."""
    # The dictionary of phrases takes forty megabytes, and no name is in it.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    read = pinyin(letter, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(way for said in read for way in (said, *_as_passports_write(said))))


def _as_passports_write(said: str) -> tuple[str, ...]:
    return (said.replace("v", "yu"), said.replace("v", "u")) if "v" in said else ()
