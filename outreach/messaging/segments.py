"""How many SMS segments a text takes: what the networks carry in one piece, by 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

from collections.abc import Sequence

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""TS 23.038 §6.2.1: the GSM 7-bit default alphabet, a septet a letter."""
EXTENDED = frozenset("\f^{}\\[~]|€")
"""TS 23.038 §6.2.1.1: its extension table, an escape and a septet a letter."""
GSM_7, UCS_2 = "GSM-7", "UCS-2"
ALONE = {GSM_7: 160, UCS_2: 70}
JOINED = {GSM_7: 153, UCS_2: 67}
"""What is left of 140 bytes where each segment says which one of how many it is (TS 23.040 §9.2.3.24.1)."""


def alphabet(text: str) -> str:
    """GSM_7 where every letter of `text` is in it, else UCS_2."""
    return GSM_7 if set(text) <= BASIC | EXTENDED else UCS_2


def segments(text: str) -> int:
    """How many segments `text` is sent and paid as; an empty one is one."""
    used = alphabet(text)
    widths = [_width(letter, used) for letter in text]
    return 1 if sum(widths) <= ALONE[used] else _packed(widths, JOINED[used])


def _width(letter: str, used: str) -> int:
    """Septets, or units of 16 bits."""
    return 1 + (letter in EXTENDED) if used == GSM_7 else len(letter.encode("utf-16-be")) // 2


def _packed(widths: Sequence[int], room: int) -> int:
    # A letter of two is never cut in two, so a segment may end one short.
    count, filled = 1, 0
    for width in widths:
        if filled + width > room:
            count, filled = count + 1, 0
        filled += width
    return count
