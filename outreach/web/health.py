"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from outreach.models import Category
from outreach.web.asking import Ask
from outreach.web.table import Route


async def alive(ask: Ask) -> Response:
    """This process answers."""
    return JSONResponse({"status": "alive"})


async def ready(ask: Ask) -> Response:
    """The database answers, and categories are in it; else 503."""
    try:
        set_up = await Category.all().exists()
    except Exception:
        return JSONResponse({"status": "no database"}, 503)
    return JSONResponse({"status": "ready"}) if set_up else JSONResponse({"status": "not set up"}, 503)


ROUTES = (
    Route("GET", "/healthz", alive, (), "This process answers."),
    Route("GET", "/readyz", ready, (), "The database answers and is set up; else 503."),
)
