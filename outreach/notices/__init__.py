"""Words to responders, coordinators and sources, sent when due and settled by the provider's word."""

from outreach.notices.addresses import (
    checked_address,
    clear_webhook,
    end_rotation,
    new_secret,
    rotate_secret,
    set_webhook,
)
from outreach.notices.dead_letters import given_up, send_again
from outreach.notices.sending import resolve_stale, send_due, take_up, take_up_webhooks
from outreach.notices.settling import settle

__all__ = [
    "checked_address",
    "clear_webhook",
    "end_rotation",
    "given_up",
    "language_of_number",
    "new_secret",
    "resolve_stale",
    "rotate_secret",
    "send_again",
    "send_due",
    "set_webhook",
    "settle",
    "take_up",
    "take_up_webhooks",
]
