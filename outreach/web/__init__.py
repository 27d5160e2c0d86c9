"""HTTP: it reads the clock, knows who asks, and knows no rule."""

from outreach.web.making import ROUTES, make_web
from outreach.web.parts import Parts

__all__ = ["ROUTES", "Parts", "make_web"]
