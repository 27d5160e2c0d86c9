"""Is every warning accounted for? What the API says of each, held against the diaries of the people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outreach.rehearsal.town import Entry

EVIDENCE = {"voice": "key", "sms": "sms_reply", "visit": "in_person", "call": "person_by_phone"}
GRAVER = ("high", "medium", "low")
STATES = ("reached", "ended unreached", "ended otherwise", "still open")


@dataclass
class Account:
    """One warning's target: what the API says became of it (`state`), and when the diaries say it was reached."""

    external_id: str
    resident_id: str
    family: str
    severity: str
    joined_at: datetime
    ended_at: datetime | None
    reached_at: datetime | None
    state: str
    by_diary: datetime | None = None

    def agrees(self, within: timedelta) -> bool:
        """Whether product and diaries tell the same, to `within`."""
        if self.reached_at is None or self.by_diary is None:
            return self.reached_at is self.by_diary
        return abs(self.reached_at - self.by_diary) <= within


def account_of(resident_id: str, family: str, status: dict[str, Any]) -> Account:
    """The account of a warning from what `GET /api/warnings/{id}` says."""
    (target,) = status["targets"]
    reached, ended = _moment(target["reached_at"]), _moment(target["ended_at"])
    state = STATES[0] if reached else STATES[3]
    if ended and not reached:
        state = STATES[1] if target["end_state"] == "unreached" else STATES[2]
    joined = datetime.fromisoformat(target["joined_at"])
    return Account(status["external_id"], resident_id, family, status["severity"], joined, ended, reached, state)


def by_the_diaries(
    account: Account, others: list[Account], diary: list[Entry], accepts: dict[tuple[str, str], frozenset[str]]
) -> datetime | None:
    """When this target was reached if one believes the people: the first contact that its policy accepts."""
    same = [each for each in others if (each.resident_id, each.family) == (account.resident_id, account.family)]
    for entry in sorted(diary, key=lambda entry: entry.at):
        if entry.resident_id != account.resident_id or not entry.counts or entry.at < account.joined_at:
            continue
        live = [each for each in same if each.joined_at <= entry.at and not _over(each, entry.at)] or [account]
        gravest = min((each.severity for each in live), key=GRAVER.index)
        # A call is only taken down while it is about something; an answer by text may come late.
        silent = entry.channel == "voice" and _over(account, entry.at)
        if EVIDENCE[entry.channel] in accepts[(account.family, gravest)] and not silent:
            return entry.at
    return None


def count(accounts: list[Account]) -> dict[str, int]:
    """How many warnings there are of each state."""
    return {state: sum(account.state == state for account in accounts) for state in STATES}


def sentence(accounts: list[Account]) -> str:
    """The accounting line."""
    parts = " + ".join(f"{number} {state}" for state, number in count(accounts).items())
    return f"{len(accounts)} warnings = {parts}"


def _over(account: Account, at: datetime) -> bool:
    # An end that a contact itself brought about is noted a moment after it.
    return account.ended_at is not None and account.ended_at + timedelta(minutes=1) < at


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
