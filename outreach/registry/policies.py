"""Versions of policies as the board makes them: always a new one, never an old one changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import takewhile
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from outreach.errors import BadInput, FieldFault, NothingNew, StaleVersion
from outreach.messaging.texts import TO_CONTACT, TO_RESIDENT
from outreach.models import Coordinator, EscalationPolicy
from outreach.models.states import Severity
from outreach.policy import Policy, body_of, faults_in, parse_policy

TEXTS: dict[str, tuple[str, ...]] = {"sms": TO_RESIDENT, "voice": TO_RESIDENT, "trusted_contact": TO_CONTACT[:1]}
"""What a step that writes or speaks may say, by what it does; one that names nothing says the first."""

MOST = 50
"""How many versions back it is said who made them."""


def policy_in(kept: EscalationPolicy) -> Policy:
    """What a version says."""
    return parse_policy(kept.body, f"{kept.name} version {kept.version}")


async def newest_of(name: str) -> EscalationPolicy:
    """The newest version under this name, of which there is one at least."""
    return (await EscalationPolicy.filter(name=name).order_by("-version").limit(1))[0]


def in_force(kept: Iterable[EscalationPolicy]) -> set[UUID]:
    """The ids of those that new outreaches begin with: by family and severity the newest, as `policy_for` finds it."""
    newest: dict[tuple[str, Severity], EscalationPolicy] = {}
    for row in kept:
        first = newest.setdefault((row.family, row.severity), row)
        if (row.made_at, row.version) > (first.made_at, first.version):
            newest[row.family, row.severity] = row
    return {row.id for row in newest.values()}


async def make_version(
    made_from: EscalationPolicy, body: Mapping[str, Any], by: UUID, read: set[str], now: datetime
) -> EscalationPolicy:
    """Keep `body` as the newest version of the policy that `made_from` is one of; name and severity stay as they are.

    `read` names the newest version that was known. Raises BadInput for a ladder that makes no sense, NothingNew for
    one that the newest says already, StaleVersion where somebody else made a newer one.
    """
    same = {"name": made_from.name, "family": made_from.family, "severity": made_from.severity.value}
    policy = _with_texts(parse_policy({**body, **same}, made_from.name))
    faults = (*faults_in(policy), *_wrong_texts(policy))
    if faults:
        raise BadInput(faults=faults)
    newest = await newest_of(made_from.name)
    await _refuse_stale(newest, read)
    if policy_in(newest) == policy:
        raise NothingNew()
    return await _keep(made_from, policy, newest.version + 1, by, now)


async def put_back(kept: EscalationPolicy, by: UUID, read: set[str], now: datetime) -> EscalationPolicy:
    """The same as a new version that says what an old one said; raises NothingNew and StaleVersion likewise."""
    newest = await newest_of(kept.name)
    await _refuse_stale(newest, read)
    if policy_in(newest) == policy_in(kept):
        raise NothingNew()
    return await _keep(kept, policy_in(kept), newest.version + 1, by, now)


def _with_texts(policy: Policy) -> Policy:
    steps = (replace(step, text=step.text or TEXTS[step.do][0]) if step.do in TEXTS else step for step in policy.steps)
    return replace(policy, steps=tuple(steps))


def _wrong_texts(policy: Policy) -> list[FieldFault]:
    steps = enumerate(policy.steps)
    wrong = [index for index, step in steps if step.text and step.text not in TEXTS.get(step.do, ())]
    return [FieldFault(f"steps.{index}.text", "there is no such text for this step") for index in wrong]


async def _keep(made_from: EscalationPolicy, policy: Policy, version: int, by: UUID, now: datetime) -> EscalationPolicy:
    body = body_of(policy)
    digest = sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
    try:
        return await EscalationPolicy.create(
            name=policy.name,
            version=version,
            family=policy.family,
            severity=made_from.severity,
            body=body,
            # Digests are unique by name, and what comes back is a version of its own.
            digest=f"{digest}@{version}",
            made_at=now,
            made_by=by,
            made_from=made_from.version,
        )
    except IntegrityError:
        raise StaleVersion(await _made_since(policy.name, {str(version - 1)})) from None


async def _refuse_stale(newest: EscalationPolicy, read: set[str]) -> None:
    if read != {"*"} and str(newest.version) not in read:
        raise StaleVersion(await _made_since(newest.name, read))


async def _made_since(name: str, read: set[str]) -> list[dict[str, Any]]:
    """Who made the versions after those `read`, the last first: {at, kind, by}; none where no such version is known."""
    rows = await EscalationPolicy.filter(name=name).order_by("-version").limit(MOST)
    newer = list(takewhile(lambda row: str(row.version) not in read, rows))
    makers = {row.made_by for row in newer if row.made_by is not None}
    names = {each.id: each.name for each in await Coordinator.filter(id__in=makers)} if makers else {}
    return [_change(row, names) for row in newer] if len(newer) < len(rows) else []


def _change(row: EscalationPolicy, names: Mapping[UUID, str]) -> dict[str, Any]:
    # A version that nobody made came with a file.
    who = {"id": str(row.made_by), "name": names.get(row.made_by)} if row.made_by else {}
    by = {"kind": "coordinator" if row.made_by else "system", **who}
    return {"at": row.made_at.isoformat(), "kind": "published", "by": by}
