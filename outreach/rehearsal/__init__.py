"""The rehearsed city: invented people and places, and how they behave, so that nobody real is ever tried on."""

from outreach.rehearsal.loading import City, CityResident, CityResponder, CityWarning, load_city
from outreach.rehearsal.people import Rates, RehearsedResident, RehearsedResponder, read_rates, warning_is_accurate

__all__ = [
    "City",
    "CityResident",
    "CityResponder",
    "CityWarning",
    "Rates",
    "RehearsedResident",
    "RehearsedResponder",
    "load_city",
    "read_rates",
    "warning_is_accurate",
]
