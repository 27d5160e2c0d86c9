"""The commands: `outreach serve`, `demo`, `stand-in`, `migrate`, `doctor`, `drill`, `webhooks` and more."""

from outreach.cli import (
    auditing,
    demo,
    doctor,
    drill,
    figures,
    files,
    indexing,
    inviting,
    rolling,
    stand_in,
    webhooks,
    words,
)
from outreach.cli.commands import main

__all__ = [
    "auditing",
    "demo",
    "doctor",
    "drill",
    "figures",
    "files",
    "indexing",
    "inviting",
    "main",
    "rolling",
    "stand_in",
    "webhooks",
    "words",
]
