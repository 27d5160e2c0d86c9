"""What leaves by a provider, the same for attempts and notices: claimed, stored, settled, looked up."""

from outreach.delivery.claiming import Room, claim, under_way
from outreach.delivery.heeding import NO_ANSWER
from outreach.delivery.lanes import (
    CALLS_TO_RESIDENTS,
    TEXTS_TO_RESIDENTS,
    TO_RESIDENTS,
    TO_RESPONDERS,
    Destination,
    Lane,
    Rivals,
    lanes_of,
)
from outreach.delivery.pacing import charge
from outreach.delivery.settling import Said, settle, told
from outreach.delivery.stale import Follows, Lookup, resolve_stale
from outreach.delivery.storing import Refusal, hold_up, store_failed, store_lost, store_refused, store_sent

__all__ = [
    "CALLS_TO_RESIDENTS",
    "NO_ANSWER",
    "TEXTS_TO_RESIDENTS",
    "TO_RESIDENTS",
    "TO_RESPONDERS",
    "Destination",
    "Follows",
    "Lane",
    "Lookup",
    "Refusal",
    "Rivals",
    "Room",
    "Said",
    "charge",
    "claim",
    "hold_up",
    "lanes_of",
    "resolve_stale",
    "settle",
    "store_failed",
    "store_lost",
    "store_refused",
    "store_sent",
    "told",
    "under_way",
]
