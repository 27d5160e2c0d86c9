"""Who may do what, and which cases they may see."""

from outreach.access.scope import in_scope, outreaches_seen_by
from outreach.access.tokens import Caller, issue_token, require, revoke, revoke_all, who

__all__ = ["Caller", "in_scope", "issue_token", "outreaches_seen_by", "require", "revoke", "revoke_all", "who"]
