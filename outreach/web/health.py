"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from dataclasses import asdict

from starlette.responses import JSONResponse, Response

from outreach.models import Category
from outreach.reports import behind
from outreach.web.answers import Alive, NotReady, Ready
from outreach.web.asking import Ask
from outreach.web.table import Also, Route


async def alive(ask: Ask) -> Response:
    """This process answers."""
    return JSONResponse({"status": "alive"})


async def ready(ask: Ask) -> Response:
    """The database answers, and categories are in it; else 503. `behind` says what is late, and by how much."""
    try:
        set_up = await Category.all().exists()
        late = asdict(await behind(ask.now))
    except Exception:
        return JSONResponse({"status": "no database"}, 503)
    status, code = ("ready", 200) if set_up else ("not set up", 503)
    return JSONResponse({"status": status, "behind": late}, code)


ROUTES = (
    Route("GET", "/healthz", alive, (), "This process answers.", shape=Alive),
    Route(
        "GET",
        "/readyz",
        ready,
        (),
        "The database answers and is set up.",
        shape=Ready,
        also=(Also(503, "The database does not answer, or is not set up.", NotReady),),
    ),
)
