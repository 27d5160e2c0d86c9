"""Words to responders, coordinators and sources, sent when due and settled by the provider's word."""

from outreach.notices.sending import resolve_stale, send_due
from outreach.notices.settling import settle

__all__ = ["resolve_stale", "send_due", "settle"]
