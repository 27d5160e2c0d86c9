"""The ladder as pure rules: what a policy says, and what it says to do next."""

from outreach.policy.ladder import End, Move, Standing, StartOver, Take, Wait, next_step, within_hours
from outreach.policy.reading import parse_categories, parse_policy
from outreach.policy.words import CategoryRule, ContactHours, OutcomeRule, Policy, Rules, Step

__all__ = [
    "CategoryRule",
    "ContactHours",
    "End",
    "Move",
    "OutcomeRule",
    "Policy",
    "Rules",
    "Standing",
    "StartOver",
    "Step",
    "Take",
    "Wait",
    "next_step",
    "parse_categories",
    "parse_policy",
    "within_hours",
]
