"""The Messenger protocol, Twilio behind it, and every word we send."""

from outreach.messaging.countries import CountryRules, rules_of
from outreach.messaging.messenger import Accepted, AnswerLost, Found, Messenger, SendRefused
from outreach.messaging.texts import compose, language_for, to_resident

__all__ = [
    "Accepted",
    "AnswerLost",
    "CountryRules",
    "Found",
    "Messenger",
    "SendRefused",
    "compose",
    "language_for",
    "rules_of",
    "to_resident",
]
