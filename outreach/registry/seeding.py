"""The categories and policies an installation has: read from YAML, kept as rows, and found again."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

import outreach
from outreach.errors import MisSet
from outreach.models import Category, EscalationPolicy
from outreach.models.statements import fetch
from outreach.models.states import Severity
from outreach.policy import CategoryRule, Policy, Rules, parse_categories, parse_policy
from outreach.settings import Settings

SHIPPED = Path(outreach.__file__).parent / "policies"
CATEGORIES = "categories.yaml"
LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The same plain values either way, in a tenth of the time where PyYAML came with its C library."""
TRIES = 5
FIRST = """
    ORDER BY CASE p.severity WHEN $2 THEN 0 WHEN $3 THEN 1 WHEN $4 THEN 2 END, p.made_at DESC, p.version DESC
    LIMIT 1"""
"""Which of a family's policies is for a severity: of the nearest one that has any, the newest version."""
POLICY = "SELECT p.id FROM escalation_policy p WHERE p.family = $1" + FIRST  # noqa: S608 - two texts of ours
CATEGORY = """
    SELECT c.id AS category_id, c.family, p.id AS policy_id, p.name
    FROM category c JOIN escalation_policy p ON p.family = c.family
    WHERE c.code = $1"""
RULES = CATEGORY + FIRST
"""A category with the policy that a new outreach of it begins with; each category's family has one."""


async def seed(settings: Settings, now: datetime) -> None:
    """Install the categories and policies, those already there left as they are; raises MisSet naming file and field.

    Files come from `settings.policies_dir`, or else are those shipped, as are categories where that folder has none.
    A policy whose text changed becomes a new version; outreaches that run keep theirs. What was made on the board
    since stays the newest until the file changes.
    """
    folder = settings.policies_dir or SHIPPED
    listed = folder / CATEGORIES if (folder / CATEGORIES).exists() else SHIPPED / CATEGORIES
    raw = _read(listed)
    rules = parse_categories(raw, listed.name)
    policies = _policies_in(folder)
    _refuse_gaps(rules, [policy for policy, _ in policies])
    for left in reversed(range(TRIES)):
        try:
            async with in_transaction():
                await _install(rules, raw, policies, settings.language, now)
            return
        except IntegrityError:  # another process installs the same rows at this moment
            if not left:
                raise


def _read(file: Path) -> dict[str, dict[str, object]]:
    try:
        body = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - both are safe
        json.dumps(body)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as wrong:
        raise MisSet(f"{file.name} cannot be read as YAML ({type(wrong).__name__}).") from None
    if not isinstance(body, dict):
        raise MisSet(f"{file.name}: write a mapping.")
    return body


def _policies_in(folder: Path) -> list[tuple[Policy, dict[str, object]]]:
    files = sorted(file for file in folder.glob("*.yaml") if file.name != CATEGORIES)
    if not files:
        raise MisSet(f"OUTREACH_POLICIES_DIR: there is no policy (*.yaml) in {folder.name}.")
    read = [(file.name, dict[str, object](_read(file))) for file in files]
    return [(parse_policy(body, name), body) for name, body in read]


def _refuse_gaps(rules: dict[str, CategoryRule], policies: list[Policy]) -> None:
    names = [policy.name for policy in policies]
    for name in names:
        if names.count(name) > 1:
            raise MisSet(f"Two policies are named {name}: give each its own name.")
    covered = {policy.family for policy in policies}
    for code, rule in rules.items():
        if rule.family not in covered:
            raise MisSet(f"{CATEGORIES}: {code}: no policy is for the family {rule.family}.")


async def _install(
    rules: dict[str, CategoryRule],
    raw: dict[str, dict[str, object]],
    policies: list[tuple[Policy, dict[str, object]]],
    language: str,
    now: datetime,
) -> None:
    for code, rule in rules.items():
        await _install_category(rule, raw[code], language)
    for policy, body in policies:
        await _install_policy(policy, body, now)


async def _install_category(rule: CategoryRule, raw: dict[str, object], language: str) -> None:
    listed = raw["outcomes"]
    outcomes = [{"code": key, **told} for key, told in listed.items()] if isinstance(listed, dict) else []
    name = rule.name.get(language) or rule.name.get("en") or next(iter(rule.name.values()), rule.code)
    says: dict[str, Any] = {"family": rule.family, "name": name, "outcomes": outcomes, "scripts": _said_in(rule)}
    kept = await Category.get_or_none(code=rule.code)
    if kept is None:
        await Category.create(code=rule.code, **says)
    elif kept.edited_at is None and any(getattr(kept, field) != value for field, value in says.items()):
        await kept.update_from_dict(says).save()


def _said_in(rule: CategoryRule) -> dict[str, object]:
    """Everything a responder is told of a category, by part and language."""
    names = {"names": dict(rule.name), "scripts": dict(rule.scripts)}
    return names | {"say": dict(rule.say), "keep_back": dict(rule.keep_back), "door": dict(rule.door)}


async def _install_policy(policy: Policy, body: dict[str, object], now: datetime) -> None:
    digest = sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
    kept = EscalationPolicy.filter(name=policy.name).order_by("-version")
    from_file = await kept.filter(made_by__isnull=True).first()
    if from_file is not None and from_file.digest.partition("@")[0] == digest:
        return
    newest = await kept.first()
    version = newest.version + 1 if newest else 1
    # A text that comes back after another is a version of its own, and digests are unique by name.
    came_back = await EscalationPolicy.exists(name=policy.name, digest=digest)
    await EscalationPolicy.create(
        name=policy.name,
        version=version,
        family=policy.family,
        severity=Severity(policy.severity),
        body=body,
        digest=f"{digest}@{version}" if came_back else digest,
        made_at=now,
    )


async def rules_for(code: str, severity: Severity) -> Rules | None:
    """The category of this code with the policy for it, as `policy_for` finds it; None for an unknown code."""
    for row in await fetch(RULES, code, *_graver_first(severity)):
        return Rules(UUID(str(row["category_id"])), row["family"], UUID(str(row["policy_id"])), row["name"])
    return None


async def policy_for(family: str, severity: Severity) -> EscalationPolicy:
    """The newest version for this family and severity, else the next graver, else the next milder; MisSet if none."""
    for row in await fetch(POLICY, family, *_graver_first(severity)):
        return await EscalationPolicy.get(id=row["id"])
    raise MisSet(f"No policy is for the family {family}.")


def _graver_first(severity: Severity) -> list[Severity]:
    return sorted(Severity, key=lambda s: (s.rank > severity.rank, abs(s.rank - severity.rank)))
