"""The rules a task is held to, read from the rows that keep them: its policy and its category's outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, cast

from outreach.models import Category, Offer, Outreach
from outreach.outcomes import policy_of
from outreach.policy import OutcomeRule, Policy, Step, parse_categories


def outcome_rules(category: str, family: str, outcomes: Sequence[Mapping[str, object]]) -> dict[str, OutcomeRule]:
    """The outcomes by code, from rows `{"code": …, as in categories.yaml}`; raises MisSet naming a faulty field."""
    by_code = {str(row["code"]): {key: value for key, value in row.items() if key != "code"} for row in outcomes}
    body = {category: {"family": family, "name": {}, "outcomes": by_code}}
    return parse_categories(body, "category")[category].outcomes


async def outcomes_of(outreach: Outreach) -> dict[str, OutcomeRule]:
    """What may be found in this outreach, by code."""
    category = await Category.get(id=cast(Any, outreach).category_id)
    return outcome_rules(category.code, category.family, category.outcomes)


def step_for(policy: Policy, kind: Literal["visit", "call"], index: int) -> Step:
    """The step at `index` where it is of this kind, else the first that is, else one with the usual times."""
    at_hand = [*policy.steps[max(index, 0) : index + 1], *policy.steps]
    asks = (step for step in at_hand if step.do in ("visit", "call", "follow_up") and step.task_kind == kind)
    return next(asks, Step(do=kind, after=timedelta(0)))


async def wants_companion(outreach: Outreach, offer: Offer) -> bool:
    """Whether the policy wants somebody else along on what is offered here, or was taken by this offer."""
    return step_for(await policy_of(outreach), offer.kind.value, offer.step).companion
