"""What the web is made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tortoise.context import TortoiseContext

from outreach.clock import Clock
from outreach.settings import Settings


@dataclass(frozen=True)
class Parts:
    """The real parts the edge is wired with; `wake` is called after a change that the loops should look at now.

    `context` is the database's; None leaves the one that is current, as in a test.
    """

    settings: Settings
    clock: Clock
    wake: Callable[[], None]
    context: TortoiseContext | None = None
