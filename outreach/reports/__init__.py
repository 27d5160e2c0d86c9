"""What became of it: the report, the sources' feed, the coordinators' views. Reads only, writes nothing."""

from outreach.reports.asking import BY, CLOCKS, time_to_reach
from outreach.reports.cases import outreach_list, outreach_view
from outreach.reports.changing import changes_since, names_of
from outreach.reports.coverage import areas_under, gaps, today
from outreach.reports.doubles import doubles_of
from outreach.reports.ended import ended
from outreach.reports.figures import Cause, Counts, Group, Reached, Stage, When
from outreach.reports.following import feed, warning_status
from outreach.reports.happening import Happening, happenings, last_happening
from outreach.reports.keeping_up import Behind, Late, behind
from outreach.reports.looks import PAGE as LOOKS_PAGE
from outreach.reports.looks import WAYS, Asked, looks, looks_as_csv
from outreach.reports.queue import queue
from outreach.reports.report import Report
from outreach.reports.standing import named, staff, standing
from outreach.reports.words import words

__all__ = [
    "BY",
    "CLOCKS",
    "LOOKS_PAGE",
    "WAYS",
    "Asked",
    "Behind",
    "Cause",
    "Counts",
    "Group",
    "Happening",
    "Late",
    "Reached",
    "Report",
    "Stage",
    "When",
    "areas_under",
    "behind",
    "changes_since",
    "doubles_of",
    "ended",
    "feed",
    "gaps",
    "happenings",
    "last_happening",
    "looks",
    "looks_as_csv",
    "named",
    "names_of",
    "outreach_list",
    "outreach_view",
    "queue",
    "staff",
    "standing",
    "time_to_reach",
    "today",
    "warning_status",
    "words",
]
