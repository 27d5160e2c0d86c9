"""Finding people by number, name, pinyin or address, through keyed hashes alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from outreach.errors import BadInput
from outreach.models import Resident, Responder
from outreach.models.searching import BATCH, Whom, index_anew, token_of_address, token_of_name
from outreach.models.spelling import parts_of_wanted, plain, words_of
from outreach.models.statements import fetch
from outreach.registry.phones import phone_of

PAGE = 20
LEAST_DIGITS = 6
MOST_WORDS = 6


@dataclass(frozen=True)
class Found:
    """One page of people, by id; `next` is the cursor of the following one (None: this was the last)."""

    ids: list[UUID]
    next: UUID | None


class _Asking:
    """A statement under way: its values so far, each with its place."""

    def __init__(self) -> None:
        self.values: list[object] = []

    def put(self, value: object) -> str:
        """The place of one more value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def put_all(self, values: set[str]) -> str:
        """The places of several, in brackets."""
        return f"({', '.join(self.put(value) for value in sorted(values))})"


async def search(
    whom: Whom, text: str, country: str, area_path: str | None, after: UUID | None = None, limit: int = PAGE
) -> Found:
    """Whose number, name or address `text` is or is part of, within an area (None: everywhere), by id.

    Several words must all fit; an empty text finds everybody.
    """
    asking = _Asking()
    where = [_fits(asking, whom, text, country)] if text.strip() else ["true"]
    if area_path is not None:
        where.append(f"substr(a.path, 1, {len(area_path)}) = {asking.put(area_path)}")
    if after is not None:
        where.append(f"p.id > {asking.put(after)}")
    if whom is Whom.RESIDENT:
        where.append("p.merged_into IS NULL")
    sql = f"""
        SELECT p.id FROM {whom.value} p LEFT JOIN area a ON a.id = p.area_id
        WHERE {" AND ".join(where)} ORDER BY p.id LIMIT {asking.put(limit + 1)}"""  # noqa: S608 - texts of ours
    ids = [UUID(str(row["id"])) for row in await fetch(sql, *asking.values)]
    return Found(ids[:limit], ids[limit - 1] if len(ids) > limit else None)


async def rebuild() -> int:
    """Find everybody anew by what is known of them now; answers how many people."""
    done = 0
    for whom, people in ((Whom.RESIDENT, Resident), (Whom.RESPONDER, Responder)):
        last: UUID | None = None
        while True:
            rows = people.filter(id__gt=last) if last else people.all()
            ids = [row.id for row in await rows.order_by("id").limit(BATCH).only("id")]
            if not ids:
                break
            await index_anew(whom, ids)
            last, done = ids[-1], done + len(ids)
    return done


def _fits(asking: _Asking, whom: Whom, text: str, country: str) -> str:
    number = _number_in(text, country)
    if number is not None:
        own = "SELECT id FROM responder" if whom is Whom.RESPONDER else "SELECT resident_id FROM phone"
        return f"p.id IN ({own} WHERE number_hash = {asking.put(number)})"
    words = [word for word in words_of(text) if word][:MOST_WORDS]
    together = _has(asking, whom, plain(text))
    each = " AND ".join(_has(asking, whom, word) for word in words)
    known = f"p.external_id = {asking.put(text.strip())}"
    return f"({together} OR ({each or 'false'}) OR {known})"


def _has(asking: _Asking, whom: Whom, word: str) -> str:
    """That a name has this part, or an address holds it."""
    mine = f"SELECT person_id FROM search_token WHERE whom = {asking.put(whom.value)} AND token"  # noqa: S608
    said = f"p.id IN ({mine} = {asking.put(token_of_name(word, whom))})"
    parts = {token_of_address(part) for part in parts_of_wanted(word)} if whom is Whom.RESIDENT else set()
    if not parts:
        return said
    listed = asking.put_all(parts)
    held = f"p.id IN ({mine} IN {listed} GROUP BY person_id HAVING COUNT(*) = {len(parts)})"
    return f"({said} OR {held})"


def _number_in(text: str, country: str) -> str | None:
    if sum(letter.isdigit() for letter in text) < LEAST_DIGITS or any(letter.isalpha() for letter in text):
        return None
    try:
        return phone_of(text, country).hash
    except BadInput:
        return None
