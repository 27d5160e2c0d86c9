"""What Pigeon Post's words mean."""

from __future__ import annotations

from typing import Any

from outreach.messaging.facts import VOICEMAIL, By, Fault, Report, Stage, State

STATES: dict[str, State] = {
    "took_off": "sent",
    "bell_rings": "sent",
    "bell_answered": "sent",
    "landed": "delivered",
    "talked": "answered",
    "engaged": "failed",
    "unheard": "failed",
    "lost": "failed",
}
STAGES: dict[str, Stage] = {"bell_answered": "picked_up", "talked": "over"}
FAULTS: dict[str, Fault] = {"storm": "later", "shooed": "opt_out", "no_such_roof": "bad_number", "unpaid": "ours"}
FAILURES = {"engaged": "busy", "unheard": "no-answer"}
TAKERS: dict[str, By] = {"person": "human", "parrot": "machine"}


def read(said: dict[str, Any]) -> Report:
    """A report as Pigeon Post writes it, in a callback and when asked."""
    word, why, by = str(said.get("event", "")), str(said.get("why") or ""), TAKERS.get(said.get("taken_by") or "", "")
    told = {"sid": str(said.get("ref", "")), "word": word, "code": why, "by": by, "stage": STAGES.get(word, "")}
    told["sequence"] = min(abs(int(said.get("nth") or 0)), 10**9)
    if by == "machine":
        return Report(state="failed", failure=VOICEMAIL, **told)
    state = STATES.get(word)
    failure = (FAILURES.get(word) or why or word) if state == "failed" else ""
    return Report(state=state, failure=failure, fault=FAULTS.get(why, "never"), **told)
