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

    `rivals` are the rows of another table that leave under them too: `table s WHERE condition`.
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


def lanes_of(only: str, kind: Kind, rates: Rates, to: Destination, rivals: str = "") -> Sequence[Lane]:
    """The lanes of the rows with the condition `only`, which are all of this kind."""
    overall = (Limit(kind, rates.overall),) if rates.overall else ()
    if not rates.countries:
        return [Lane(only, overall, rivals=rivals)]
    listed = ", ".join(f"'{code}'" for code in rates.countries)
    rest = f"{only} AND COALESCE({to.country}, '') NOT IN ({listed})"
    apart = [
        Lane(f"{only} AND {to.country} = '{code}'", (*overall, Limit(f"{kind}:{code}", per_s)), to.joins, rivals)
        for code, per_s in rates.countries.items()
    ]
    return [*apart, Lane(rest, overall, to.joins, rivals)]
