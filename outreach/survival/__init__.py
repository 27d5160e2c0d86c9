"""How long until: shares by a given minute and quantiles, with competing ends and cases still open. Pure numpy."""

from outreach.survival.curves import At, Curve, Quantile
from outreach.survival.estimating import cumulative_incidence, incidence_by_cause, kaplan_meier

__all__ = ["At", "Curve", "Quantile", "cumulative_incidence", "incidence_by_cause", "kaplan_meier"]
