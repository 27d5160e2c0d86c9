"""The case word: what a trusted contact quotes to the hotline instead of a name; it tells nothing to anybody else."""

from __future__ import annotations

from uuid import UUID

from outreach.messaging.reading import plain
from outreach.models import Outreach
from outreach.models.sealing import keyed_hash
from outreach.models.states import LIVE_OUTREACH, MERGED

LETTERS, DIGITS = "ABCDEFHJKLMNPRTUWXY", "23456789"
"""None that is heard or read as another on a bad line."""
PLACES = (LETTERS, DIGITS, LETTERS, DIGITS, LETTERS)


def case_word(outreach_id: UUID) -> str:
    """The word of an outreach, such as `K7M4T`: always the same, and kept nowhere."""
    number, word = int(keyed_hash(f"case word {outreach_id}"), 16), ""
    for letters in PLACES:
        number, at = divmod(number, len(letters))
        word += letters[at]
    return word


def as_word(said: str) -> str:
    """The word that was meant, however it was typed."""
    return plain(said).upper().replace(" ", "").replace("-", "")


async def cases_of_word(said: str) -> list[UUID]:
    """The live outreaches with that word, however it was typed: one as a rule, none for a word that was made up.

    The word of one that joined another since is that of the other.
    """
    word = as_word(said)
    live = await Outreach.filter(status__in=LIVE_OUTREACH).values_list("id", flat=True)
    found = sorted(UUID(str(each)) for each in live if case_word(UUID(str(each))) == word)
    return found or await _joined_by(word)


async def _joined_by(word: str) -> list[UUID]:
    joined = await Outreach.filter(end_reason=MERGED).values("id", "resident_id", "family")
    meant = [row for row in joined if case_word(row["id"]) == word]
    live = [
        Outreach.filter(resident_id=row["resident_id"], family=row["family"], status__in=LIVE_OUTREACH) for row in meant
    ]
    return sorted({UUID(str(each)) for rows in live for each in await rows.values_list("id", flat=True)})
