"""Which messenger carries our texts and calls: one installed package names it, a setting picks it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from outreach.errors import MisSet
from outreach.messaging.messenger import Messenger
from outreach.settings import Settings

GROUP = "outreach.messengers"
"""The entry points under which a package offers a messenger: a name, and what makes one of the settings."""
Maker = Callable[[Settings], Messenger]


def chosen_messenger(settings: Settings) -> Messenger:
    """The messenger named by OUTREACH_MESSENGER; raises MisSet, listing those installed, for one that is not."""
    offered = {point.name: point for point in entry_points(group=GROUP)}
    if settings.messenger not in offered:
        known = ", ".join(sorted(offered)) or "none"
        raise MisSet(f"OUTREACH_MESSENGER: no messenger is called {settings.messenger!r}; installed here: {known}.")
    make: Maker = offered[settings.messenger].load()
    return make(settings)
