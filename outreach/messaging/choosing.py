"""Which messenger carries our texts and calls: one installed package names it, a setting picks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from outreach.errors import MisSet
from outreach.messaging.inbound import Inbound
from outreach.messaging.messenger import Messenger
from outreach.settings import Settings

GROUP, CALLED_BACK = "outreach.messengers", "outreach.inbound"
"""The entry points under which a package offers, by one name, a messenger and how its provider calls back: each is what
makes one of the settings."""
NAME = re.compile(r"[a-z][a-z0-9_-]{0,15}")


def chosen_messenger(settings: Settings) -> Messenger:
    """The messenger named by OUTREACH_MESSENGER; raises MisSet, listing those installed, for one that is not."""
    offered = _offered(GROUP)
    if settings.messenger not in offered:
        known = ", ".join(sorted(offered)) or "none"
        raise MisSet(f"OUTREACH_MESSENGER: no messenger is called {settings.messenger!r}; installed here: {known}.")
    make: Callable[[Settings], Messenger] = offered[settings.messenger].load()
    return make(settings)


def chosen_inbound(settings: Settings) -> Inbound | None:
    """How that messenger's provider calls back; None where its package offers nothing, and it is only asked."""
    point = _offered(CALLED_BACK).get(settings.messenger)
    if point is None:
        return None
    if not NAME.fullmatch(point.name):
        raise MisSet(f"A messenger cannot be called {point.name!r}: at most 16 of a-z, 0-9, _ and -.")
    make: Callable[[Settings], Inbound] = point.load()
    return make(settings)


def _offered(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}
