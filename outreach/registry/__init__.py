"""People and places: who is known, by which number, and what the installation ships with."""

from outreach.registry.importing import Kind, import_rows
from outreach.registry.phones import PhoneNumber, phone_of
from outreach.registry.residents import Given, Matched, find_or_make_resident
from outreach.registry.run import ImportReport
from outreach.registry.seeding import policy_for, rules_for, seed

__all__ = [
    "Given",
    "ImportReport",
    "Kind",
    "Matched",
    "PhoneNumber",
    "find_or_make_resident",
    "import_rows",
    "phone_of",
    "policy_for",
    "rules_for",
    "seed",
]
