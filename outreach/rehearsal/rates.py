"""The rates in `people.yaml`: each a share, a span, weights or a number, and each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any

import yaml

from outreach.errors import MisSet
from outreach.rehearsal.loading import CITY

SHAPES = ({"share"}, {"minutes", "spread"}, {"weights"}, {"number"})


@dataclass(frozen=True)
class Rate:
    """One rate, of one of four shapes, and the source that is the reason for it."""

    source: str
    share: float = 0.0
    minutes: float = 0.0
    spread: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)
    number: float = 0.0


@dataclass(frozen=True)
class Rates:
    """All rates by `group.name`; each question takes a chance from 0 to below 1 and answers always the same to it."""

    by_name: Mapping[str, Rate]

    def happens(self, name: str, chance: float) -> bool:
        """Whether something that has a `share` happens."""
        return chance < self.by_name[name].share

    def takes(self, name: str, chance: float) -> float:
        """Minutes of a span: log-normal around the median, at most two and a half spreads away."""
        rate = self.by_name[name]
        away = NormalDist().inv_cdf(min(max(chance, 0.006), 0.994))
        return round(float(rate.minutes * rate.spread**away), 3)

    def which(self, name: str, chance: float) -> str:
        """One of the `weights`."""
        weights = self.by_name[name].weights
        passed = 0.0
        for key, weight in weights.items():
            passed += weight
            if chance < passed:
                return key
        return list(weights)[-1]

    def number(self, name: str) -> float:
        """A plain figure."""
        return self.by_name[name].number


def read_rates(file: Path = CITY / "people.yaml") -> Rates:
    """The rates in `file`; raises MisSet naming any rate without a source or of an unknown shape."""
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Rates(
        {
            f"{group}.{name}": _rate(f"{group}.{name}", rate)
            for group, rates in groups.items()
            for name, rate in rates.items()
        }
    )


def _rate(name: str, given: dict[str, Any]) -> Rate:
    if not given.get("source") or set(given) - {"source"} not in SHAPES:
        raise MisSet(f"people.yaml: {name} needs a source and one of share, minutes with spread, weights, number.")
    rate = Rate(**given)
    weighed = not rate.weights or abs(sum(rate.weights.values()) - 1) < 1e-9
    if not weighed or not 0 <= rate.share <= 1 or rate.minutes < 0 or rate.spread < 1:
        raise MisSet(
            f"people.yaml: {name} is out of bounds; shares lie in 0 to 1, weights add up to 1, spread is 1 or more."
        )
    return rate
