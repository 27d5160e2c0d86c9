"""The shapes of the answers, as the API's description gives them; a handler answers so without building them."""

from outreach.web.answers.assigning import Candidates
from outreach.web.answers.base import Alive, Answer, BrokenProblem, NotReady, Problem, Ready, TimeToReach
from outreach.web.answers.board import Board, Cases, EndedCases, Words
from outreach.web.answers.cases import CaseWordChecked, OutreachPage, OutreachView, Standing
from outreach.web.answers.going_home import GoingHome, Moved
from outreach.web.answers.handing_over import Desk, HandedOn
from outreach.web.answers.looking import Happenings, Held, Looks
from outreach.web.answers.phones import (
    DeclinedOffer,
    DutySet,
    HeldTask,
    HoursDone,
    Me,
    OfferSeen,
    OpenOffers,
    PositionTaken,
    Receipt,
    Tasks,
    VisitorChecked,
)
from outreach.web.answers.signing_in import (
    CodeAsked,
    CoordinatorIn,
    InviteMade,
    LinkLooked,
    PushesSent,
    Served,
    Sessions,
    SessionShown,
    SessionStarted,
)
from outreach.web.answers.warnings import Feed, ManyReceived, WarningReceived, WarningStatus

__all__ = [
    "Alive",
    "Answer",
    "Board",
    "BrokenProblem",
    "Candidates",
    "CaseWordChecked",
    "Cases",
    "CodeAsked",
    "CoordinatorIn",
    "DeclinedOffer",
    "Desk",
    "DutySet",
    "EndedCases",
    "Feed",
    "GoingHome",
    "HandedOn",
    "Happenings",
    "Held",
    "HeldTask",
    "HoursDone",
    "InviteMade",
    "LinkLooked",
    "Looks",
    "ManyReceived",
    "Me",
    "Moved",
    "NotReady",
    "OfferSeen",
    "OpenOffers",
    "OutreachPage",
    "OutreachView",
    "PositionTaken",
    "Problem",
    "PushesSent",
    "Ready",
    "Receipt",
    "Served",
    "SessionShown",
    "SessionStarted",
    "Sessions",
    "Standing",
    "Tasks",
    "TimeToReach",
    "VisitorChecked",
    "WarningReceived",
    "WarningStatus",
    "Words",
]
