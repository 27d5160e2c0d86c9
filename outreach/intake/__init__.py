"""A warning comes in: read, checked, joined to a person's outreach, all or nothing."""

from outreach.intake.forms import LocationForm, ResidentForm, WarningForm, parse_warning
from outreach.intake.many import Item, receive_many
from outreach.intake.receiving import Received, receive_warning

__all__ = [
    "Item",
    "LocationForm",
    "Received",
    "ResidentForm",
    "WarningForm",
    "parse_warning",
    "receive_many",
    "receive_warning",
]
