"""Texts and calls through Twilio: the only package that knows its library and its words."""

from outreach.messaging.inbound import Inbound
from outreach.messaging.messenger import Messenger
from outreach.messaging.twilio.hearing import TwilioInbound, report_of
from outreach.messaging.twilio.messenger import TwilioMessenger
from outreach.messaging.twilio.signing import check_signature, sign
from outreach.messaging.unset import UnsetMessenger
from outreach.settings import Settings

__all__ = [
    "TwilioInbound",
    "TwilioMessenger",
    "check_signature",
    "from_settings",
    "inbound_from_settings",
    "report_of",
    "sign",
]


def from_settings(settings: Settings) -> Messenger:
    """Twilio, when an account is set; else nothing is sent by SMS or voice, and the ladder is told so at once."""
    return TwilioMessenger(settings) if settings.twilio_account_sid else UnsetMessenger()


def inbound_from_settings(settings: Settings) -> Inbound:
    """Twilio's callbacks; without a token of ours none is genuine."""
    return TwilioInbound(settings)
