"""What leaves under which limits: texts and calls apart, and the countries with a limit of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.delivery.pacing import Limit
from outreach.messaging.messenger import Kind
from outreach.messaging.pacing import Rates


@dataclass(frozen=True)
class Lane:
    """Rows that leave under the same limits; `only` is their condition in SQL on the row `s` and on `joins`.

    `rivals` are the rows of another table that leave under them too: `table s joins WHERE condition`.
    """

    only: str
    limits: tuple[Limit, ...] = ()
    joins: str = ""
    rivals: str = ""


@dataclass(frozen=True)
class Destination:
    """Where a row's country is found in SQL: the joins onto the row `s`, and the column."""

    joins: str
    country: str


TO_RESIDENTS = Destination(
    "LEFT JOIN phone p ON p.id = s.phone_id LEFT JOIN trusted_contact t ON t.id = s.trusted_contact_id",
    "COALESCE(p.country, t.country)",
)
TO_RESPONDERS = Destination("LEFT JOIN responder r ON r.id = s.responder_id", "r.country")

# Asked by the key of each row's case: to look for the paused cases first would be to read through all there ever were.
# Of a yes or no PostgreSQL expects that half pass, and so stops where it has enough; were `IS NULL` outside, it would
# expect next to none, and might sort the whole queue for them.
_GOES_ON = "(SELECT o.paused_at IS NULL FROM outreach o WHERE o.id = s.outreach_id)"
TEXTS_TO_RESIDENTS, CALLS_TO_RESIDENTS = (f"s.channel {of} 'voice' AND {_GOES_ON}" for of in ("<>", "="))
"""The conditions on an attempt `s`. While its case is paused it waits outside: it is not taken up, takes nothing of the
pace, and holds nobody back."""


@dataclass(frozen=True)
class Rivals:
    """The rows of another table, with the condition `only` on the row `s`, that leave under the same limits."""

    table: str
    only: str
    to: Destination


def lanes_of(only: str, kind: Kind, rates: Rates, to: Destination, rivals: Rivals | None = None) -> Sequence[Lane]:
    """The lanes of the rows with the condition `only`, which are all of this kind."""
    overall = (Limit(kind, rates.overall),) if rates.overall else ()
    if not rates.countries:
        against = f"{rivals.table} s WHERE {rivals.only}" if rivals else ""
        return [Lane(only, overall, rivals=against)]
    listed = ", ".join(f"'{code}'" for code in rates.countries)
    places = [(f"= '{code}'", (*overall, Limit(f"{kind}:{code}", per_s))) for code, per_s in rates.countries.items()]
    places.append((f"NOT IN ({listed})", overall))
    return [
        Lane(f"{only} AND {_country(to)} {where}", limits, to.joins, _rivals_in(where, rivals))
        for where, limits in places
    ]


def _country(to: Destination) -> str:
    return f"COALESCE({to.country}, '')"


def _rivals_in(where: str, rivals: Rivals | None) -> str:
    if rivals is None:
        return ""
    return f"{rivals.table} s {rivals.to.joins} WHERE {rivals.only} AND {_country(rivals.to)} {where}"
