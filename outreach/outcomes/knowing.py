"""The rules that an outreach is held to."""

from __future__ import annotations

from uuid import UUID

from outreach.models import EscalationPolicy, Outreach
from outreach.policy import Policy, parse_policy

_read: dict[UUID, Policy] = {}


async def policy_of(outreach: Outreach) -> Policy:
    """The version of the policy that this outreach began with."""
    known = _read.get(outreach.policy_id)
    # A version never changes once it is kept: each process reads it once.
    return known if known is not None else await _read_in(outreach.policy_id)


async def _read_in(policy_id: UUID) -> Policy:
    kept = await EscalationPolicy.get(id=policy_id)
    policy = parse_policy(kept.body, f"{kept.name} version {kept.version}")
    _read[policy_id] = policy
    return policy
