"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "change"]
"""`note`: good to know, and nothing must be done. `change`: something will not work until it is done."""


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: `about` what, what was found (`says`), and what to `do`; never a secret or a name."""

    about: str
    level: Level
    says: str
    do: str = ""


def ok(about: str, says: str) -> Finding:
    """All is well."""
    return Finding(about, "ok", says)


def note(about: str, says: str, do: str = "") -> Finding:
    """Good to know."""
    return Finding(about, "note", says, do)


def change(about: str, says: str, do: str) -> Finding:
    """It will not work until somebody does this."""
    return Finding(about, "change", says, do)


def or_ok(found: list[Finding], about: str, says: str) -> list[Finding]:
    """What was found, else that all is well."""
    return found or [ok(about, says)]
