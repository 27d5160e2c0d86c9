"""Why nobody was reached, as a code: a pure function of what came of a climb of the ladder."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING_KNOWN, REFUSED, NOBODY_HOME = "nothing_known", "refused", "nobody_home"
NO_RESPONDER, NOT_SPOKEN_WITH, NO_ANSWER = "no_responder", "not_spoken_with", "no_answer"


@dataclass(frozen=True)
class CameOf:
    """What came of a climb.

    `known`: a number or a place of theirs is known that is not wrong. `refused`: they would not talk. `nobody_home`: a
    visitor met nobody there. `wanted`, `taken`: people were to go or ring, and one took it on. `answered`: there was
    contact, of no kind that the policy accepts. `tried`: a text or call left.
    """

    known: bool
    refused: bool
    nobody_home: bool
    wanted: bool
    taken: bool
    answered: bool
    tried: bool


def why_unreached(came: CameOf, otherwise: str) -> str:
    """The reason with which it ends: what was missing, or how far anybody got; `otherwise` where that says nothing."""
    reasons = {
        NOTHING_KNOWN: not came.known,
        REFUSED: came.refused,
        NOBODY_HOME: came.nobody_home,
        NO_RESPONDER: came.wanted and not came.taken,
        NOT_SPOKEN_WITH: came.answered,
        NO_ANSWER: came.tried,
    }
    return next((reason for reason, holds in reasons.items() if holds), otherwise)
