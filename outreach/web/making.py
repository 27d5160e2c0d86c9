"""The application: one endpoint per path of the table, within the edge."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route as StarletteRoute

from outreach.errors import MisSet
from outreach.messaging.choosing import chosen_inbound
from outreach.settings import Settings
from outreach.web import (
    admin,
    apps,
    assigning,
    audit,
    board,
    case_words,
    cases,
    checkins,
    coordinators,
    describing,
    drills,
    duty,
    going_home,
    handing_over,
    health,
    hours,
    importing,
    live,
    live_phone,
    merging,
    one_case,
    periods,
    policies,
    provider,
    pushing,
    registry,
    reporting,
    responders,
    ringing,
    sessions,
    signing_in,
    sources,
    visiting,
)
from outreach.web.edge import Edge, PathEndpoint, not_found
from outreach.web.parts import Parts
from outreach.web.streaming import Live
from outreach.web.table import Route

OURS: tuple[Route, ...] = (
    *sources.ROUTES,
    *signing_in.ROUTES,
    *coordinators.ROUTES,
    *sessions.ROUTES,
    *admin.ROUTES,
    *responders.ROUTES,
    *duty.ROUTES,
    *pushing.ROUTES,
    *hours.ROUTES,
    *checkins.ROUTES,
    *cases.ROUTES,
    *one_case.ROUTES,
    *ringing.ROUTES,
    *assigning.ROUTES,
    *going_home.ROUTES,
    *handing_over.ROUTES,
    *periods.ROUTES,
    *reporting.ROUTES,
    *audit.ROUTES,
    *policies.ROUTES,
    *importing.ROUTES,
    *registry.ROUTES,
    *merging.ROUTES,
    *board.ROUTES,
    *live.ROUTES,
    *live_phone.ROUTES,
    *visiting.ROUTES,
    *case_words.ROUTES,
    *health.ROUTES,
    *describing.ROUTES,
)
CALLED = (*provider.CALLED, *visiting.CALLED, *drills.CALLED)
APPS = {"app", "board"}


def routes_of(settings: Settings) -> tuple[Route, ...]:
    """All routes: ours, and under its name what the chosen provider calls back; raises MisSet for a name of ours."""
    name, inbound = settings.messenger, chosen_inbound(settings)
    if inbound is None:
        return OURS
    if name in {route.path.split("/")[1] for route in OURS} | APPS:
        raise MisSet(f"A messenger cannot be called {name!r}: addresses of our own begin so.")
    return (*OURS, *(called.route(name, inbound) for called in CALLED))


def by_path(routes: tuple[Route, ...]) -> dict[str, list[Route]]:
    """The routes of each path, in the table's order."""
    paths: dict[str, list[Route]] = {}
    for route in routes:
        paths.setdefault(route.path, []).append(route)
    return paths


def make_web(parts: Parts) -> Starlette:
    """The web application wired with these parts."""
    table = routes_of(parts.settings)
    mounted = [StarletteRoute(path, PathEndpoint(parts, routes)) for path, routes in by_path(table).items()]
    inside = [Middleware(Edge, parts=parts)]
    refusals = {404: not_found, 405: not_found}
    shown = apps.phone_routes(parts.settings) + apps.board_routes(parts.settings)
    app = Starlette(routes=[*mounted, *shown], middleware=inside, exception_handlers=refusals)
    app.state.live, app.state.beat_s = Live(parts.clock), live.BEAT_S
    app.state.openapi = describing.openapi_of(table, parts.settings.service_name)
    return app
