"""The registry: who is known, found and put right by those whose area they live in."""

from outreach.web.registry import people, residents, responders

ROUTES = (*people.ROUTES, *residents.ROUTES, *responders.ROUTES)

__all__ = ["ROUTES"]
