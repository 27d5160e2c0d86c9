"""Texts and calls by Pigeon Post, which speaks JSON, signs with an HMAC, and has words of its own for everything."""

from __future__ import annotations

import os

from outreach.messaging.inbound import Inbound
from outreach.messaging.messenger import Messenger
from outreach.settings import Settings
from outreach_pigeon.inbound import PigeonInbound
from outreach_pigeon.messenger import PigeonMessenger


def messenger_from(settings: Settings) -> Messenger:
    """Pigeon Post at `PIGEON_URL`."""
    return PigeonMessenger(os.environ["PIGEON_URL"], settings.provider_timeout_s)


def inbound_from(settings: Settings) -> Inbound:
    """Its callbacks, signed with `PIGEON_KEY`; `PIGEON_NUMBER` is the one that callers ring."""
    return PigeonInbound(os.environ["PIGEON_KEY"], os.environ["PIGEON_NUMBER"])
