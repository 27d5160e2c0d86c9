"""Texts and calls through Twilio: the only package that knows its library."""

from outreach.messaging.messenger import Messenger
from outreach.messaging.twilio.messenger import TwilioMessenger
from outreach.messaging.twilio.signing import check_signature, sign
from outreach.messaging.unset import UnsetMessenger
from outreach.settings import Settings

__all__ = ["TwilioMessenger", "check_signature", "from_settings", "sign"]


def from_settings(settings: Settings) -> Messenger:
    """Twilio, when an account is set; else nothing is sent by SMS or voice, and the ladder is told so at once."""
    return TwilioMessenger(settings) if settings.twilio_account_sid else UnsetMessenger()
