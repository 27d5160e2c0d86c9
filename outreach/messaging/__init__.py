"""The protocols of whoever carries texts and calls, the facts they tell, and every word we send."""

from outreach.messaging.countries import CountryRules, rules_of
from outreach.messaging.facts import Fault, Report
from outreach.messaging.messenger import Accepted, AnswerLost, Messenger, SendRefused
from outreach.messaging.texts import compose, language_for, to_resident

__all__ = [
    "Accepted",
    "AnswerLost",
    "CountryRules",
    "Fault",
    "Messenger",
    "Report",
    "SendRefused",
    "compose",
    "language_for",
    "rules_of",
    "to_resident",
]
