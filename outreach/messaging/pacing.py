"""How fast texts and calls may leave us: what is set, else what the provider lets our sender send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.messaging.messenger import Kind, Messenger
from outreach.settings import Settings


@dataclass(frozen=True)
class Rates:
    """What may leave in a second, over all processes: altogether (None: no limit), and to single countries."""

    overall: float | None = None
    countries: Mapping[str, float] = field(default_factory=dict)

    @property
    def unlimited(self) -> bool:
        """Whether nothing has to wait its turn."""
        return self.overall is None and not self.countries


def rates_of(kind: Kind, messenger: Messenger, settings: Settings) -> Rates:
    """The rates of texts (in segments) or calls."""
    chosen = settings.texts_per_s if kind == "sms" else settings.calls_per_s
    overall = messenger.pace.get(kind) if chosen is None else chosen
    countries = settings.country_texts_per_s if kind == "sms" else settings.country_calls_per_s
    return Rates(overall or None, countries)
