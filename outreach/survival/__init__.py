"""How long until: shares by a given minute and quantiles, with competing ends and cases still open. Pure numpy."""

from outreach.survival.binned import BINS, EDGES, bins_of, incidence_of_bins, quantile_of_bins
from outreach.survival.curves import At, Curve, Quantile
from outreach.survival.estimating import cumulative_incidence, incidence_by_cause, kaplan_meier

__all__ = [
    "BINS",
    "EDGES",
    "At",
    "Curve",
    "Quantile",
    "bins_of",
    "cumulative_incidence",
    "incidence_by_cause",
    "incidence_of_bins",
    "kaplan_meier",
    "quantile_of_bins",
]
