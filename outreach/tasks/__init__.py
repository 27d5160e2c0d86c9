"""What a responder does with an offer and a task: accept, decline, arrive, say what was found."""

from outreach.tasks.accepting import accept, decline
from outreach.tasks.booking import book
from outreach.tasks.checking_in import CheckInForm, check_in
from outreach.tasks.looking import Ended, how_it_ended, live_tasks, open_offers, own_task, seen
from outreach.tasks.official_line import official_line
from outreach.tasks.rules import outcome_rules, step_for, wants_companion
from outreach.tasks.taking_by_text import take_by_code
from outreach.tasks.visit_checks import Asking, check_visitor
from outreach.tasks.visit_codes import shown_code, visit_code

__all__ = [
    "Asking",
    "CheckInForm",
    "Ended",
    "accept",
    "book",
    "check_in",
    "check_visitor",
    "decline",
    "how_it_ended",
    "live_tasks",
    "official_line",
    "open_offers",
    "outcome_rules",
    "own_task",
    "seen",
    "shown_code",
    "step_for",
    "take_by_code",
    "visit_code",
    "wants_companion",
]
