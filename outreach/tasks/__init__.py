"""What a responder does with an offer and a task: accept, decline, arrive, say what was found."""

from outreach.tasks.accepting import accept, decline
from outreach.tasks.booking import book
from outreach.tasks.checking_in import CheckInForm, check_in
from outreach.tasks.looking import live_tasks, open_offers
from outreach.tasks.rules import outcome_rules, step_for

__all__ = [
    "CheckInForm",
    "accept",
    "book",
    "check_in",
    "decline",
    "live_tasks",
    "open_offers",
    "outcome_rules",
    "step_for",
]
