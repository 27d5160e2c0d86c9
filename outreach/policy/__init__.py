"""The ladder as pure rules: what a policy says, and what it says to do next."""

from outreach.policy.comparing import Comparison, FieldChange, StepChange, compare
from outreach.policy.ladder import End, Move, Standing, StartOver, Take, Wait, next_step, within_hours
from outreach.policy.reading import parse_categories, parse_policy
from outreach.policy.sense import faults_in
from outreach.policy.unreached import REFUSED, CameOf, why_unreached
from outreach.policy.words import CategoryRule, ContactHours, OutcomeRule, Policy, Rules, Step, StepKind
from outreach.policy.writing import body_of

__all__ = [
    "REFUSED",
    "CameOf",
    "CategoryRule",
    "Comparison",
    "ContactHours",
    "End",
    "FieldChange",
    "Move",
    "OutcomeRule",
    "Policy",
    "Rules",
    "Standing",
    "StartOver",
    "Step",
    "StepChange",
    "StepKind",
    "Take",
    "Wait",
    "body_of",
    "compare",
    "faults_in",
    "next_step",
    "parse_categories",
    "parse_policy",
    "why_unreached",
    "within_hours",
]
