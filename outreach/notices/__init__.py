"""Words to responders, coordinators and sources, sent when due and settled by the provider's word."""

from outreach.notices.addresses import (
    checked_address,
    clear_webhook,
    end_rotation,
    new_secret,
    rotate_secret,
    set_webhook,
)
from outreach.notices.canary import canary_text, send_canary, watch_canary
from outreach.notices.dead_letters import given_up, send_again
from outreach.notices.drills import KEY as DRILL_KEY
from outreach.notices.drills import STATUS as DRILL_STATUS
from outreach.notices.drills import VOICE as DRILL_VOICE
from outreach.notices.drills import drill_call, drill_key, drill_text, drill_url, language_of_number
from outreach.notices.feeding import told_by_feed
from outreach.notices.pushing import public_key as push_key
from outreach.notices.sending import resolve_stale, send_due, take_up, take_up_webhooks
from outreach.notices.settling import settle

__all__ = [
    "DRILL_KEY",
    "DRILL_STATUS",
    "DRILL_VOICE",
    "canary_text",
    "checked_address",
    "clear_webhook",
    "drill_call",
    "drill_key",
    "drill_text",
    "drill_url",
    "end_rotation",
    "given_up",
    "language_of_number",
    "new_secret",
    "push_key",
    "resolve_stale",
    "rotate_secret",
    "send_again",
    "send_canary",
    "send_due",
    "set_webhook",
    "settle",
    "take_up",
    "take_up_webhooks",
    "told_by_feed",
    "watch_canary",
]
