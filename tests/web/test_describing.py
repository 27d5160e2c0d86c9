"""The API's own description."""

from __future__ import annotations

from openapi_spec_validator import validate

from outreach.web import ROUTES
from tests.web.conftest import Cast


async def test_the_description_is_valid_and_true_for_every_route(cast: Cast) -> None:
    document = (await cast.ask(None, "GET", "/openapi.json")).json()
    validate(document)
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(route.method, route.path) for route in ROUTES}
    assert document["openapi"].startswith("3.1")


async def test_the_docs_page_needs_nothing_from_elsewhere(cast: Cast) -> None:
    page = await cast.ask(None, "GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "/api/warnings" in page.text and "://" not in page.text
