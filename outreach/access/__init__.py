"""Who may do what, which cases they may see, and how a phone gets in."""

from outreach.access.forgetting import forget_sign_ins
from outreach.access.invites import Invited, invite
from outreach.access.scope import in_scope, outreaches_seen_by
from outreach.access.sessions import LASTS as SESSION_LASTS
from outreach.access.sessions import csrf_of, refuse_unless_ours, session_caller, slide
from outreach.access.signing_in import Whom, ask_for_code, by_invite, by_number, code_of, sign_in
from outreach.access.subscribing import Subscription, checked, subscribe, unsubscribe, unsubscribe_all
from outreach.access.tokens import Caller, issue_token, require, revoke, revoke_all, who

__all__ = [
    "SESSION_LASTS",
    "Caller",
    "Invited",
    "Subscription",
    "Whom",
    "ask_for_code",
    "by_invite",
    "by_number",
    "checked",
    "code_of",
    "csrf_of",
    "forget_sign_ins",
    "in_scope",
    "invite",
    "issue_token",
    "outreaches_seen_by",
    "refuse_unless_ours",
    "require",
    "revoke",
    "revoke_all",
    "session_caller",
    "sign_in",
    "slide",
    "subscribe",
    "unsubscribe",
    "unsubscribe_all",
    "who",
]
