"""What a call says, in the markup that the provider of the `/twilio` addresses reads."""

from outreach.messaging.twilio.speaking import ask_for_digits, ask_for_key, connect, nothing, say

__all__ = ["ask_for_digits", "ask_for_key", "connect", "nothing", "say"]
