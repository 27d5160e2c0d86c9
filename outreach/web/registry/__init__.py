"""The registry: who and what is known, found and put right by those whose area it is of."""

from outreach.web.registry import areas, categories, people, residents, responders, shifts, sources, units

ROUTES = (
    *people.ROUTES,
    *residents.ROUTES,
    *responders.ROUTES,
    *shifts.ROUTES,
    *areas.ROUTES,
    *units.ROUTES,
    *sources.ROUTES,
    *categories.ROUTES,
)

__all__ = ["ROUTES"]
