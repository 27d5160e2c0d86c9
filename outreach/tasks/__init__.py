"""What a responder does with an offer and a task: accept, decline, arrive, say what was found."""

from outreach.tasks.accepting import accept, decline
from outreach.tasks.booking import book
from outreach.tasks.checking_in import CheckInForm, check_in
from outreach.tasks.looking import live_tasks, open_offers
from outreach.tasks.official_line import official_line
from outreach.tasks.rules import outcome_rules, step_for
from outreach.tasks.taking_by_text import take_by_code
from outreach.tasks.visit_checks import Asking, check_visitor
from outreach.tasks.visit_codes import visit_code

__all__ = [
    "Asking",
    "CheckInForm",
    "accept",
    "book",
    "check_in",
    "check_visitor",
    "decline",
    "live_tasks",
    "official_line",
    "open_offers",
    "outcome_rules",
    "step_for",
    "take_by_code",
    "visit_code",
]
