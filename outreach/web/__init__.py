"""HTTP: it reads the clock, knows who asks, and knows no rule."""

from outreach.web.making import make_web, routes_of
from outreach.web.parts import Parts

__all__ = ["Parts", "make_web", "routes_of"]
