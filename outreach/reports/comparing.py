"""Two parts of a split set against each other: which two, and by how much one reached more within the target."""

from __future__ import annotations

from collections.abc import Mapping

from outreach.reports.figuring import difference
from outreach.reports.packing import Tally


def compared(
    split: str, parts: Mapping[str, Tally], first: str | None, second: str | None, minutes: float
) -> dict[str, str | float | None] | None:
    """By how much the share of the first part is above that of the second, with 95 % limits; None without two parts.

    `first` and `second` are the parts asked for, by name; in the place of one that is not there stands the usual one:
    of policies the newest two versions of one, else the two parts in which most were warned of.
    """
    usual = _usual(split, parts)
    one = first if first is not None and first in parts else next(iter(usual), "")
    other = next((name for name in (second, *usual) if name in parts and name != one), None)
    if other is None:
        return None
    return {"first": one, "second": other, **difference(parts[one], parts[other], minutes)}


def _usual(split: str, parts: Mapping[str, Tally]) -> list[str]:
    most = sorted(parts, key=lambda name: -parts[name].one("warned"))
    if split != "policy":
        return most
    versions: dict[str, list[str]] = {}
    for name in most:
        versions.setdefault(name.rpartition(" v")[0], []).append(name)
    newest = (sorted(names, key=_version, reverse=True) for names in versions.values() if len(names) > 1)
    return next(newest, most)


def _version(name: str) -> int:
    """3 of `fraud_high v3`."""
    number = name.rpartition(" v")[2]
    return int(number) if number.isdigit() else 0
