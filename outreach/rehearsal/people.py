"""How rehearsed people behave: pure, from an id, a seed and the rates; the same each time they are asked.

An `occasion` says which time is meant (a text, a call, an offer). Give one that is the same in every run, as the
resident's id and a count are, and never a fresh uuid. All spans are city minutes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from outreach.rehearsal.rates import Rates, read_rates

__all__ = [
    "CallMade",
    "CallTaken",
    "OfferSeen",
    "Rates",
    "RehearsedResident",
    "RehearsedResponder",
    "TextRead",
    "Visit",
    "read_rates",
    "warning_is_accurate",
]

REPLIES = {
    "zh-CN": {"none": "", "understood": "1", "question": "你是谁？", "stop": "TD"},
    "en": {"none": "", "understood": "1", "question": "Who is this?", "stop": "STOP"},
}
FALSE_ALARMS = {"fraud": "false_alarm", "welfare": "safe"}


@dataclass(frozen=True)
class TextRead:
    """What a resident does with one text: reads it `after_min`, replies `reply` (empty: nothing) `reply_min` later."""

    reads: bool
    after_min: float
    reply: str
    reply_min: float


@dataclass(frozen=True)
class CallTaken:
    """What becomes of one automated call: `how` is human, machine, busy or no_answer; `digits` are pressed in turn."""

    how: str
    after_min: float
    digits: str
    digits_min: float

    @property
    def answers(self) -> bool:
        """Whether the resident, and not a machine, took the call."""
        return self.how == "human"


@dataclass(frozen=True)
class OfferSeen:
    """What a responder does with one offer: sees it `after_min`, decides `decides_min` later; `reason` of a decline."""

    sees: bool
    after_min: float
    accepts: bool
    decides_min: float
    reason: str


@dataclass(frozen=True)
class Visit:
    """One visit: sets off, travels, searches (has arrived by then), talks; `tells` whether it is reported."""

    sets_off_min: float
    travel_min: float
    searches_min: float
    talks_min: float
    outcome: str
    tells: bool


@dataclass(frozen=True)
class CallMade:
    """One call by a person: dials, talks, and what came of it; `tells` whether it is reported."""

    dials_min: float
    talks_min: float
    outcome: str
    tells: bool


def chance(seed: int, *about: str) -> float:
    """A number from 0 to below 1 that depends on nothing but `seed` and `about`."""
    told = hashlib.sha256("|".join((str(seed), *about)).encode()).digest()
    return int.from_bytes(told[:6], "big") / (1 << 48)


def warning_is_accurate(resident_id: str, family: str, seed: int, rates: Rates) -> bool:
    """Whether the danger to this resident is real, at the story's share."""
    return rates.happens("story.accurate", chance(seed, resident_id, "accurate", family))


class _Person:
    def __init__(self, external_id: str, seed: int, rates: Rates) -> None:
        self.external_id, self.seed, self.rates = external_id, seed, rates

    def _chance(self, what: str, occasion: str) -> float:
        return chance(self.seed, self.external_id, what, occasion)

    def _happens(self, rate: str, occasion: str) -> bool:
        return self.rates.happens(rate, self._chance(rate, occasion))

    def _takes(self, rate: str, occasion: str) -> float:
        return self.rates.takes(rate, self._chance(rate, occasion))

    def _which(self, rate: str, occasion: str) -> str:
        return self.rates.which(rate, self._chance(rate, occasion))


class RehearsedResident(_Person):
    """A resident who reads or ignores, answers or not, presses and replies at the rates given."""

    def __init__(self, external_id: str, seed: int, rates: Rates, language: str = "zh-CN") -> None:
        super().__init__(external_id, seed, rates)
        self.language = language

    def reads_sms(self, occasion: str) -> TextRead:
        """What they do with this text."""
        reads = self._happens("residents.reads_sms", occasion)
        kind = self._which("residents.replies", occasion) if reads else "none"
        return TextRead(
            reads=reads,
            after_min=self._takes("residents.reads_sms_after", occasion),
            reply=REPLIES["en" if self.language == "en" else "zh-CN"][kind],
            reply_min=self._takes("residents.replies_after", occasion),
        )

    def answers_call(self, occasion: str) -> CallTaken:
        """What becomes of this automated call."""
        how = self._which("residents.phone", occasion)
        return CallTaken(
            how=how,
            after_min=self._takes("residents.answers_after", occasion),
            digits=self._which("residents.presses", occasion) if how == "human" else "",
            digits_min=self._takes("residents.presses_after", occasion),
        )

    def address_is_wrong(self) -> bool:
        """Whether nobody of that name lives at the address on file; the same for every visitor."""
        return self._happens("responders.wrong_address", "always")

    def is_home(self, nth_visit: int) -> bool:
        """Whether the `nth_visit` (0: the first) finds them, whoever comes."""
        rate = "responders.finds_home_again" if nth_visit else "responders.finds_home"
        return self._happens(rate, f"visit {nth_visit}")


class RehearsedResponder(_Person):
    """A responder who sees, accepts or declines, travels and finds at the rates given; `role` as in the product."""

    def __init__(self, external_id: str, seed: int, rates: Rates, role: str) -> None:
        super().__init__(external_id, seed, rates)
        self.role = role

    def sees_offer(self, occasion: str) -> OfferSeen:
        """What they do with this offer; who does not see it neither accepts nor declines."""
        sees = self._happens("responders.sees_offer", occasion)
        accepts = sees and self._happens(f"responders.accepts_as_{self.role}", occasion)
        return OfferSeen(
            sees=sees,
            after_min=self._takes("responders.sees_offer_after", occasion),
            accepts=accepts,
            decides_min=self._takes("responders.decides_after", occasion),
            reason=self._which("responders.declines_because", occasion) if sees and not accepts else "",
        )

    def visits(self, resident: RehearsedResident, family: str, metres: float, nth_visit: int) -> Visit:
        """The visit to `resident`, `metres` of great circle away, the `nth_visit` (0: the first) by anybody."""
        occasion = f"{resident.external_id} visit {nth_visit}"
        return Visit(
            sets_off_min=self._takes("responders.sets_off_after", occasion),
            travel_min=self.travel_minutes(metres, occasion),
            searches_min=self._takes("responders.searches_for", occasion),
            talks_min=self._takes("responders.talks_for", occasion),
            outcome=self._found_by_visit(resident, family, nth_visit),
            tells=self._happens("story.feedback", occasion),
        )

    def travel_minutes(self, metres: float, occasion: str) -> float:
        """How long `metres` of great circle take them this time."""
        way = metres * self.rates.number("responders.detour")
        at_speed = way / 1000 / self.rates.number("responders.travel_kmh") * 60
        return at_speed * self._takes("responders.travel_varies", occasion)

    def calls(self, resident: RehearsedResident, family: str, nth_call: int) -> CallMade:
        """The call to `resident`, the `nth_call` (0: the first) by anybody."""
        occasion = f"{resident.external_id} call {nth_call}"
        answered = self._which("responders.call_answered", occasion)
        return CallMade(
            dials_min=self._takes("responders.dials_after", occasion),
            talks_min=self._takes("responders.talks_for", occasion) if answered == "answered" else 0.5,
            outcome=self._found(resident, family, "call", occasion) if answered == "answered" else answered,
            tells=self._happens("story.feedback", occasion),
        )

    def _found_by_visit(self, resident: RehearsedResident, family: str, nth_visit: int) -> str:
        if resident.address_is_wrong():
            return "wrong_address"
        if not resident.is_home(nth_visit):
            return "nobody_home"
        return self._found(resident, family, "visit", f"{resident.external_id} visit {nth_visit}")

    def _found(self, resident: RehearsedResident, family: str, by: str, occasion: str) -> str:
        if not warning_is_accurate(resident.external_id, family, self.seed, self.rates):
            return FALSE_ALARMS[family]
        return self._which(f"outcomes.{family}_by_{by}", occasion)
