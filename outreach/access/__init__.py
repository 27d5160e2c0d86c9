"""Who may do what, which cases they may see, and how a phone gets in."""

from outreach.access.appointing import (
    Appointed,
    Standing,
    appoint,
    change_coordinator,
    coordinators_seen_by,
    dismiss,
    phoned_in,
    standing_of,
)
from outreach.access.colleagues import colleagues, may_hold
from outreach.access.coordinators import (
    Link,
    Linked,
    SetUp,
    by_link,
    by_password,
    look_at_link,
    make_link,
    own_link,
)
from outreach.access.forgetting import forget_sign_ins
from outreach.access.invites import Invited, invite
from outreach.access.listing import Session, end_all, end_session, sessions_seen_by
from outreach.access.scope import in_scope, outreaches_seen_by
from outreach.access.sessions import csrf_of, lasts, refuse_unless_ours, session_caller, slide
from outreach.access.signing_in import Whom, ask_for_code, by_invite, by_number, code_of, sign_in
from outreach.access.subscribing import Subscription, checked, subscribe, unsubscribe, unsubscribe_all
from outreach.access.tokens import Caller, issue_token, require, revoke, who

__all__ = [
    "Appointed",
    "Caller",
    "Invited",
    "Link",
    "Linked",
    "Session",
    "SetUp",
    "Standing",
    "Subscription",
    "Whom",
    "appoint",
    "ask_for_code",
    "by_invite",
    "by_link",
    "by_number",
    "by_password",
    "change_coordinator",
    "checked",
    "code_of",
    "colleagues",
    "coordinators_seen_by",
    "csrf_of",
    "dismiss",
    "end_all",
    "end_session",
    "forget_sign_ins",
    "in_scope",
    "invite",
    "issue_token",
    "lasts",
    "look_at_link",
    "make_link",
    "may_hold",
    "outreaches_seen_by",
    "own_link",
    "phoned_in",
    "refuse_unless_ours",
    "require",
    "revoke",
    "session_caller",
    "sessions_seen_by",
    "sign_in",
    "slide",
    "standing_of",
    "subscribe",
    "unsubscribe",
    "unsubscribe_all",
    "who",
]
