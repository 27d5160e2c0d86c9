"""What leaves by a provider, the same for attempts and notices: claimed, stored, settled, looked up."""

from outreach.delivery.claiming import claim, under_way
from outreach.delivery.settling import Said, read_status, settle
from outreach.delivery.stale import Lookup, resolve_stale
from outreach.delivery.storing import store_failed, store_lost, store_refused, store_sent

__all__ = [
    "Lookup",
    "Said",
    "claim",
    "read_status",
    "resolve_stale",
    "settle",
    "store_failed",
    "store_lost",
    "store_refused",
    "store_sent",
    "under_way",
]
