"""Tables and the legal moves of each state."""

from outreach.models.cases import Event, Outreach, Target, Warning
from outreach.models.contacts import Attempt, CheckIn, CheckInKeptAside, Notice, Offer, Sent, Task
from outreach.models.doubles import Verdict
from outreach.models.handing_over import Handover
from outreach.models.inbox import ProviderEvent
from outreach.models.looking import Look, LookShown
from outreach.models.organisations import AccessToken, Category, Coordinator, EscalationPolicy, Source, Unit
from outreach.models.pacing import Pace
from outreach.models.people import Absence, Address, OptOut, Phone, Resident, Responder, Shift, TrustedContact
from outreach.models.places import Area
from outreach.models.pushing import PushSubscription
from outreach.models.ringing import DeskCall
from outreach.models.rollups import ResponderLoad, Rollup, RollupHour, RollupMark, RollupState
from outreach.models.searching import SearchToken
from outreach.models.signing_in import CoordinatorLink, CoordinatorLogin, Invite, SignInCode, SignInTry
from outreach.models.visiting import VisitCode, VisitCodeTry

__all__ = [
    "Absence",
    "AccessToken",
    "Address",
    "Area",
    "Attempt",
    "Category",
    "CheckIn",
    "CheckInKeptAside",
    "Coordinator",
    "CoordinatorLink",
    "CoordinatorLogin",
    "DeskCall",
    "EscalationPolicy",
    "Event",
    "Handover",
    "Invite",
    "Look",
    "LookShown",
    "Notice",
    "Offer",
    "OptOut",
    "Outreach",
    "Pace",
    "Phone",
    "ProviderEvent",
    "PushSubscription",
    "Resident",
    "Responder",
    "ResponderLoad",
    "Rollup",
    "RollupHour",
    "RollupMark",
    "RollupState",
    "SearchToken",
    "Sent",
    "Shift",
    "SignInCode",
    "SignInTry",
    "Source",
    "Target",
    "Task",
    "TrustedContact",
    "Unit",
    "Verdict",
    "VisitCode",
    "VisitCodeTry",
    "Warning",
]

for _name in __all__:
    # Tortoise copies docstrings into table comments: a reworded sentence would then ask for a migration.
    globals()[_name]._meta.table_description = ""
