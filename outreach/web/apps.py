"""The phone's app and the board as a browser gets them: pages, hashed files, the service worker, the manifest."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.errors import MisSet, NotFound
from outreach.settings import Settings
from outreach.web.problems import problem

ASSETS = files("outreach") / "assets"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
KINDS = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}
RULES = "Content-Security-Policy"
SECURITY = {
    # No inline script, nothing from elsewhere; styles set by our own script are not inline styles to this rule.
    RULES: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), payment=(), usb=(), geolocation=(self), microphone=(self)",
}


@dataclass(frozen=True)
class Served:
    """One file as it is answered: plain and packed, with its headers."""

    plain: bytes
    packed: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, content: bytes, name: str, caching: str, **more: str) -> Served:
        """`content` under a name whose ending says what it is."""
        kind = KINDS[name.rpartition(".")[2]]
        headers = {"Content-Type": kind, "Cache-Control": caching, "Vary": "Accept-Encoding"}
        return cls(content, gzip.compress(content, 9, mtime=0), {**headers, **SECURITY, **more})

    def answer(self, request: Request) -> Response:
        """The file, packed where the browser takes that."""
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, headers={**self.headers, "Content-Encoding": "gzip"})
        return Response(self.plain, headers=self.headers)


def phone_routes(settings: Settings) -> list[Route]:
    """`/app` and all below it; raises MisSet when the browser's code was not built."""
    if not (ASSETS / "built.json").is_file():
        raise MisSet("The browser's code is not built. Install the package again: `pip install --no-deps -e .`.")
    built = json.loads(_read("built.json"))["phone"]
    page = _with_settings(_read("phone.html").decode(), settings)
    worker = _read("phone-sw.js").decode().replace("[[shell]]", hashlib.sha256(page.encode()).hexdigest()[:16])
    manifest = json.dumps(manifest_of(built, settings), ensure_ascii=False)
    fixed = {
        "/app": Served.of(page.encode(), "phone.html", ASK_AGAIN),
        "/app/": Served.of(page.encode(), "phone.html", ASK_AGAIN),
        "/app/sw.js": Served.of(worker.encode(), "sw.js", ASK_AGAIN, **{"Service-Worker-Allowed": "/app"}),
        "/app/manifest.webmanifest": Served.of(manifest.encode(), "manifest.webmanifest", ASK_AGAIN),
    }
    return [_fixed(path, served) for path, served in fixed.items()] + [_by_name("/app/files/{name}", _files())]


def board_routes(settings: Settings) -> list[Route]:
    """`/board` and all below it, once `phone_routes` found the browser's code built."""
    rules = {RULES: SECURITY[RULES].replace("data:;", f"data: {settings.map_tiles_origin};")}
    content = _with_settings(_read("board.html").decode(), settings).encode()
    page = Served.of(content, "board.html", ASK_AGAIN, **rules)
    return [_fixed("/board", page), _fixed("/board/", page), _by_name("/board/files/{name}", _files())]


def manifest_of(built: dict[str, str], settings: Settings) -> dict[str, object]:
    """The web app manifest: the name is the service's own."""
    at = "/app/files/"
    icons = [
        {"src": at + built["icon"], "sizes": "any", "type": "image/svg+xml"},
        {"src": at + built["icon180"], "sizes": "180x180", "type": "image/png"},
        {"src": at + built["icon512"], "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": at + built["icon512"], "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    named = {"name": settings.service_name, "short_name": settings.service_name}
    shown = {"display": "standalone", "background_color": "#f1f5f3", "theme_color": "#0b3a36", "icons": icons}
    return {**named, "id": "/app", "start_url": "/app", "scope": "/app", **shown}


def _with_settings(page: str, settings: Settings) -> str:
    given = {
        "service": settings.service_name,
        "hotline": settings.hotline,
        "emergency": settings.emergency_number,
        "tiles": settings.map_tiles_url,
        "tiles-by": settings.map_tiles_by,
        "tiles-zoom": str(settings.map_tiles_zoom),
        "tiles-datum": settings.map_tiles_datum,
    }
    for name, value in given.items():
        page = page.replace(f"[[{name}]]", escape(value))
    return page


def _read(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


@cache
def _files() -> dict[str, Served]:
    hashed = [file for file in (ASSETS / "files").iterdir() if file.is_file()]
    return {file.name: Served.of(file.read_bytes(), file.name, FOREVER) for file in hashed}


def _fixed(path: str, served: Served) -> Route:
    async def answer(request: Request) -> Response:
        return served.answer(request)

    return Route(path, answer, methods=["GET"])


def _by_name(path: str, served: dict[str, Served]) -> Route:
    async def answer(request: Request) -> Response:
        found = served.get(request.path_params["name"])
        return found.answer(request) if found else problem(NotFound())

    return Route(path, answer, methods=["GET"])
