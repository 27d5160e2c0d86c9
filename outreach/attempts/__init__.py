"""Texts and calls to residents: sent when due, settled by the provider's word, answered by key or reply."""

from outreach.attempts.calls import key_pressed, picked_up
from outreach.attempts.case_words import case_word, cases_of_word
from outreach.attempts.replies import Heard, OfferReply, inbound_sms
from outreach.attempts.sending import resolve_stale, send_due, take_up
from outreach.attempts.settling import settle
from outreach.attempts.word_checks import check_word

__all__ = [
    "Heard",
    "OfferReply",
    "case_word",
    "cases_of_word",
    "check_word",
    "inbound_sms",
    "key_pressed",
    "picked_up",
    "resolve_stale",
    "send_due",
    "settle",
    "take_up",
]
