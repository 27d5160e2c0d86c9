"""Who is asked: rank the eligible, make offers, let them lapse, hand a task over."""

from outreach.assignment.considering import Considered, candidates_of
from outreach.assignment.foretelling import Foretold
from outreach.assignment.going_home import forget_stale_positions
from outreach.assignment.leaving import Leaving, leaving
from outreach.assignment.offering import Asked, lapse_due, offer_step
from outreach.assignment.ranking import Candidate, rank
from outreach.assignment.reassigning import reassign, release, return_unacknowledged
from outreach.assignment.sieving import LeftOut, Shortage
from outreach.assignment.undoing import UNDO_WITHIN, Undoable, undo, undoable
from outreach.assignment.wanting import Want, want_of

__all__ = [
    "UNDO_WITHIN",
    "Asked",
    "Candidate",
    "Considered",
    "Foretold",
    "Leaving",
    "LeftOut",
    "Shortage",
    "Undoable",
    "Want",
    "candidates_of",
    "forget_stale_positions",
    "lapse_due",
    "leaving",
    "offer_step",
    "rank",
    "reassign",
    "release",
    "return_unacknowledged",
    "undo",
    "undoable",
    "want_of",
]
