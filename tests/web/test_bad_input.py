"""Bad input changes nothing: every route that writes refuses it by name, and every table stays as it was."""

from __future__ import annotations

import json
import shutil
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.models import Model
from twilio.request_validator import RequestValidator

from outreach.access import code_of, issue_token, make_link
from outreach.access.coordinators import name_hash
from outreach.access.passwords import hash_of_password, new_secret
from outreach.clock import SetClock
from outreach.models import (
    AccessToken,
    Attempt,
    Category,
    Coordinator,
    CoordinatorLogin,
    EscalationPolicy,
    Notice,
    Offer,
    Outreach,
    Phone,
    Resident,
    Responder,
    Shift,
    SignInCode,
    Source,
    Target,
    Task,
)
from outreach.models.connecting import MODELS, connect
from outreach.models.sealing import keyed_hash
from outreach.models.states import Audience, Channel, NoticeChannel, OfferStatus, SendStatus, TaskKind, TokenKind
from outreach.outcomes import tell_board
from outreach.settings import Settings
from outreach.web import Parts, make_web, routes_of
from outreach.web.edge import database_of
from tests.conftest import KEYS, NOON
from tests.harness.authenticator import digits_of
from tests.harness.cast import HOME, Cast, call_the_cast
from tests.harness.databases import ENGINES
from tests.harness.described import hold_to_the_description
from tests.web.conftest import PUSH_KEYS

ROUTES = routes_of(Settings())

PUBLIC, SIGNING = "https://outreach.example", "signing-secret"
LIMIT = 20_000
PRIVATE = "Ada-Lovelace-4155550101"
"""What no answer may repeat, wherever it was put."""
NUL, LONG = "a\0" + PRIVATE, PRIVATE * 300
SETTINGS = Settings(twilio_auth_token=SIGNING, public_url=PUBLIC, body_limit_bytes=LIMIT, country="US", language="en")
HOUR = timedelta(hours=1)


@dataclass
class World:
    """The cast at work: Ada's case with offers, tasks and messages under way, one case paused and one ended."""

    client: httpx2.AsyncClient
    context: TortoiseContext
    tokens: dict[str, str]
    ids: dict[str, str]
    stands: dict[str, list[Any]] = field(default_factory=dict)

    async def ask(self, request: Request) -> httpx2.Response:
        """Send it, with the ids of this world in its path and body."""
        path = request.path.format_map(self.ids)
        headers = {name: value.format_map(self.ids) for name, value in request.headers.items()}
        if request.whose is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(request.whose, 'crd_unknown')}"
        given: dict[str, Any] = {}
        if request.form is not None:
            given["data"] = request.form
            headers |= {"X-Twilio-Signature": signature(path, request)} if request.signed_as != "nobody" else {}
        elif request.content is not None:
            given["content"] = request.content
        elif request.body is not None:
            given["content"] = json.dumps(self._with_ids(request.body))
        return await self.client.request(request.method, path.replace("\0", "%00"), headers=headers, **given)

    def _with_ids(self, body: Any) -> Any:
        if isinstance(body, dict):
            return {name: self._with_ids(value) for name, value in body.items()}
        return self.ids.get(body[1:-1], body) if isinstance(body, str) and body.startswith("{") else body

    async def changed(self) -> list[str]:
        """The tables that differ from when this was last asked."""
        with database_of(self.context):
            now = await every_row()
        before, self.stands = self.stands, now
        return [name for name in now if now[name] != before.get(name)]


async def every_row() -> dict[str, list[str]]:
    """All rows of all tables, as JSON, by table."""
    connection = get_connection("default")
    as_json = "json_array" if connection.capabilities.dialect == "sqlite" else "json_build_array"
    kinds = {model for module in MODELS for model in vars(import_module(module)).values() if is_a_table(model)}
    columns = {kind._meta.db_table: ", ".join(f'"{name}"' for name in kind._meta.db_fields) for kind in kinds}
    parts = [
        f"SELECT '{name}' AS name, CAST({as_json}({of}) AS text) AS said FROM \"{name}\""
        for name, of in columns.items()
    ]
    rows = await connection.execute_query_dict(" UNION ALL ".join(parts))
    found: dict[str, list[str]] = {name: [] for name in columns}
    for row in rows:
        found[row["name"]].append(row["said"])
    return {name: sorted(said) for name, said in found.items()}


def is_a_table(found: object) -> bool:
    """Whether this is a model that has rows."""
    return isinstance(found, type) and issubclass(found, Model) and bool(found._meta.db_table and found._meta.db)


@dataclass(frozen=True)
class Request:
    """One request; `form` makes it a callback, `content` is a body that JSON could not write."""

    whose: str | None
    method: str
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    form: dict[str, str] | None = None
    signed_as: str = "itself"


def signature(path: str, request: Request) -> str:
    """The provider's signature over this callback, over another one, or an invented one."""
    if request.signed_as == "an invented one":
        return "c2lnbmF0dXJl"
    signed = path if request.signed_as == "itself" else "/twilio/sms"
    return RequestValidator(SIGNING).compute_signature(PUBLIC + signed, request.form or {})


@dataclass(frozen=True)
class Problem:
    """What the answer must be: the name of the rule, its status, and the fields it finds fault with."""

    name: str
    status: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One bad request and the problem it must meet."""

    said: str
    request: Request
    problem: Problem


# The requests as they should be


def when(span: timedelta) -> str:
    """A moment that far from the noon at which these tests stand."""
    return (NOON + span).isoformat()


BENS = "+447700900002"
LOGIN = {"name": "cleo.west", "password": "a willow by the lake", "code": "{digits}"}
SET_UP = {"name": "cleo", "password": "a willow by the river", "code": "{link_digits}"}
REASON = {"reason": "asked_to"}
CHECK_IN = {
    "id": "7b1f2a7e-3a55-4b0e-8a3f-0c3a1df3c111",
    "task_id": "{task}",
    "kind": "outcome",
    "outcome": "convinced",
    "made_at": when(-timedelta(minutes=1)),
    "note": "She was at home.",
    "location": {"lat": 30.27, "lon": 120.15},
    "accuracy_m": 12,
}
WARNING = {
    "external_id": "w-bad",
    "category": "impersonation",
    "severity": "high",
    "summary": "Somebody claims to be the police.",
    "detected_at": when(-timedelta(minutes=2)),
    "resident": {"phone": "+14155550177", "location": {"lat": HOME[0], "lon": HOME[1]}},
}


def decision(name: str, case: str, body: Any) -> Request:
    """Cleo decides on one of the cases."""
    version = {"If-Match": f'"{{{case}_version}}"'}
    return Request("Cleo", "POST", f"/api/outreaches/{{{case}}}/{name}", body, version)


AFTERMATH = {"target_id": "{target}", "defrauded": True, "lost": 5000, "told_by": "police"}
RESIDENT = {
    "name": "Ada",
    "language": "en",
    "area": "g1",
    "phones": [{"number": "+447700900001"}],
    "addresses": [{"text": "2 Willow Lane"}],
    "trusted_contacts": [{"name": "Eve", "number": "+447700900009", "relation": "daughter", "consents": True}],
}
RESPONDER = {
    "name": "Ben",
    "phone": "+447700900002",
    "role": "volunteer",
    "area": "g1",
    "languages": ["en"],
    "trained": ["fraud"],
    "capacity": 2,
    "lat": 30.27,
    "lon": 120.15,
    "shifts": [{"starts_at": "2026-11-25T08:00:00Z", "ends_at": "2026-11-25T16:00:00Z"}],
}
ANY = {"If-Match": "*"}
REGISTRY = {
    "find residents": Request("Cleo", "POST", "/api/residents/search", {"text": ""}),
    "find responders": Request("Cleo", "POST", "/api/responders/search", {"text": ""}),
    "resident": Request("Cleo", "PUT", "/api/residents/{ada}", RESIDENT, ANY),
    "responder": Request("Cleo", "PUT", "/api/responders/{ben}", RESPONDER, ANY),
    "new resident": Request("Cleo", "POST", "/api/residents", RESIDENT),
    "new responder": Request("Cleo", "POST", "/api/responders", {**RESPONDER, "phone": "+447700900007"}),
}
SQUARE = [[120.1, 30.1], [120.2, 30.1], [120.2, 30.2], [120.1, 30.2], [120.1, 30.1]]
DRAWN = {"type": "Polygon", "coordinates": [SQUARE]}
AREA = {"name": "Reed Lane", "parent": "lin", "time_zone": "Asia/Shanghai", "boundary": DRAWN}
SHIFT = {"responder_id": "{ben}", "starts_at": when(240 * HOUR), "ends_at": when(248 * HOUR)}
UNIT, SOURCE = {"name": "Lake branch", "kind": "bank"}, {"unit": "bank", "code": "lake", "name": "Lake", "area": "g1"}
PLACES = {
    "shift": Request("Cleo", "POST", "/api/shifts", SHIFT),
    "end of a shift": Request("Cleo", "POST", "/api/shifts/{shift}/end"),
    "area": Request("Cleo as admin", "PUT", "/api/areas/{grid}", AREA, ANY),
    "new area": Request("Cleo as admin", "POST", "/api/areas", {**AREA, "code": "g2", "kind": "grid"}),
    "unit": Request("Cleo as admin", "PUT", "/api/units/{unit}", UNIT, ANY),
    "new unit": Request("Cleo as admin", "POST", "/api/units", {**UNIT, "code": "lake"}),
    "new source": Request("Cleo as admin", "POST", "/api/sources", SOURCE),
    "new key": Request("Cleo as admin", "POST", "/api/sources/{source}/keys"),
    "revoked": Request("Cleo as admin", "POST", "/api/sources/{source}/revoke", {"key": None}),
}
FOUND = ("convinced", "not_convinced", "defrauded", "false_alarm", "nobody_home", "no_answer", "busy", "refused")
FOUND += ("wrong_address", "wrong_number")
OUTCOMES = [{"code": code, "name": {"en": code}, "reached": code == "convinced"} for code in FOUND]
CATEGORY = {"names": {"en": "A false officer"}, "outcomes": OUTCOMES, "say": {"en": ["A word about your savings."]}}
PLACES["category"] = Request("the admin", "PUT", "/api/categories/{category}", CATEGORY, ANY)


def shaped(*rings: object, **given: object) -> dict[str, object]:
    """An area's form with these rings for a boundary."""
    return {"boundary": {"type": "Polygon", "coordinates": list(rings), **given}}


AREAS = [
    ("no name", {"name": ...}, "name"),
    ("a name too long", {"name": LONG}, "name"),
    ("below nothing there is", {"parent": "nowhere"}, "parent"),
    ("below another's area", {"parent": "far"}, "parent"),
    ("below a grid", {"parent": "g1"}, "parent"),
    ("a zone that is none", {"time_zone": "Asia/Atlantis"}, "time_zone"),
    ("a zone in free text", {"time_zone": f"{PRIVATE} {PRIVATE}"}, "time_zone"),
    ("a word for a boundary", {"boundary": PRIVATE}, "boundary"),
    ("a point for a boundary", {"boundary": {"type": "Point", "coordinates": [1, 2]}}, "boundary.type"),
    ("no rings", shaped(), "boundary.coordinates"),
    ("a word for the rings", shaped(coordinates=PRIVATE), "boundary.coordinates"),
    ("a word for a ring", shaped(PRIVATE), "boundary.coordinates.0"),
    ("a line for a ring", shaped(SQUARE[:3]), "boundary.coordinates.0"),
    ("a ring left open", shaped([*SQUARE[:4], [1, 2]]), "boundary.coordinates.0"),
    ("a ring that crosses itself", shaped([SQUARE[n] for n in (0, 2, 1, 3, 0)]), "boundary.coordinates.0"),
    ("a ring around nothing", shaped([SQUARE[0]] * 4), "boundary.coordinates.0"),
    ("a second ring that is none", shaped(SQUARE, [[1]] * 4), "boundary.coordinates.1.0"),
    ("a corner off the globe", shaped([*SQUARE[:2], [120, 91], *SQUARE[2:]]), "boundary.coordinates.0.2"),
    ("a word for a corner", shaped([PRIVATE, *SQUARE]), "boundary.coordinates.0.0"),
    ("a corner beyond any number", shaped([[10**400, 1], *SQUARE]), "boundary.coordinates.0.0"),
    ("more corners than a coast", shaped([[1, 2]] * 2001), "boundary.coordinates"),
]
UNITS = [
    ("no name", {"name": ...}, "name"),
    ("a NUL in the name", {"name": NUL}, "name"),
    ("a kind in free text", {"kind": f"{PRIVATE} {PRIVATE}"}, "kind"),
]
LADDER = {
    "accepts": ["in_person"],
    "gives_up_after": "24h",
    "steps": [
        {"do": "sms", "after": "0s", "text": "warned"},
        {"do": "visit", "after": "2m", "stops_on": ["in_person"]},
    ],
}
POLICIES = {
    "policy": Request("the admin", "POST", "/api/policies/{policy}/versions", LADDER, {"If-Match": '"1"'}),
    "policy back": Request("the admin", "POST", "/api/policies/{policy}/put-back", None, {"If-Match": '"1"'}),
}


REGISTER = b"external_id,name,phone,area\nR7,Ada,+447700900017,g1\n"
FILE = {
    "kind": "residents",
    "name": "register.csv",
    "content": b64encode(REGISTER).decode(),
    "apply": sha256(REGISTER).hexdigest(),
}
IMPORTS = {"import": Request("Cleo", "POST", "/api/registry/imports", FILE)}


def with_visit(**given: object) -> dict[str, Any]:
    """The ladder with its visit changed."""
    return {"steps": [LADDER["steps"][0], {**LADDER["steps"][1], **given}]}  # type: ignore[index]


BOTH = {"other": "{double}"}
REGISTRY |= {
    "merge": Request("Cleo", "POST", "/api/residents/{ada}/merge", {**BOTH, "take": ["name"]}, ANY),
    "not the same": Request("Cleo", "POST", "/api/residents/{ada}/not-same", BOTH),
}
CHI = {"name": "Chi", "phone": "+447700900010", "role": "chief", "area": "g1"}
ADMINS = {
    "appoint": Request("Cleo as admin", "POST", "/api/coordinators", CHI),
    "appointed": Request("the admin", "PUT", "/api/coordinators/{chi}", CHI, ANY),
    "their link": Request("the admin", "POST", "/api/coordinators/{chi}/link"),
    "their sessions": Request("the admin", "DELETE", "/api/coordinators/{chi}/sessions"),
    "let go": Request("the admin", "DELETE", "/api/coordinators/{chi}"),
    "own link": Request("the district's admin", "POST", "/api/session/link", {}),
}
PEOPLE = [
    ("a NUL in the name", {"name": NUL}, "name"),
    ("a name too long", {"name": LONG}, "name"),
    ("a list for a name", {"name": [PRIVATE]}, "name"),
    ("an area of nobody", {"area": "nowhere"}, "area"),
    ("another's area", {"area": "far"}, "area"),
]
GOOD = {
    "position": Request("Ben", "POST", "/api/me/position", {"lat": 30.3, "lon": 120.2}),
    "duty": Request("Ben", "PATCH", "/api/me/duty", {"until": when(4 * HOUR)}),
    "away": Request("Ben", "PUT", "/api/me/away", {"days": ["2026-11-26"]}),
    "push": Request("Ben", "PUT", "/api/me/push", {"endpoint": "https://push.example/x", "keys": PUSH_KEYS}),
    "no push": Request("Ben", "DELETE", "/api/me/push"),
    "seen": Request("Ben", "POST", "/api/offers/{second}/seen"),
    "word seen": Request("Cleo", "POST", "/api/board/words/{word}/seen"),
    "accept": Request("Ben", "POST", "/api/offers/{offer}/accept"),
    "decline": Request("Ben", "POST", "/api/offers/{second}/decline", {"reason": "too_far"}),
    "check-in": Request("Ben", "POST", "/api/checkins", CHECK_IN, {"Phone-Now": when(timedelta())}),
    "contact": Request("Cleo", "POST", "/api/outreaches/{rung}/contact", {"outcome": "convinced"}),
    "aftermath": Request("Cleo", "POST", "/api/outreaches/{rung}/aftermath", AFTERMATH),
    "pause": decision("pause", "open", REASON),
    "resume": decision("resume", "paused", REASON),
    "close": decision("close", "open", REASON),
    "reopen": decision("reopen", "ended", REASON),
    "take": decision("take", "open", None),
    "reassign": decision("reassign", "rung", {"responder_id": "{ben}", **REASON}),
    "hand on": decision("hand-on", "open", {"to": None, "note": "Her daughter rings at six."}),
    "hand on all": Request("Cleo", "POST", "/api/hand-on", {"to": None}),
    "going home": Request("Cleo", "POST", "/api/responders/{ben}/going-home", {"moves": []}),
    "going home undone": Request("Cleo", "POST", "/api/responders/{ben}/going-home/undo", {"moves": []}),
    "undo": decision("undo", "rung", None),
    "warning": Request("bank", "POST", "/api/warnings", WARNING),
    "invite": Request("Cleo", "POST", "/api/responders/{ben}/invite"),
    "code": Request(None, "POST", "/api/sign-in/codes", {"phone": BENS}),
    "sign-in": Request(None, "POST", "/api/sign-in/sessions", {"phone": BENS, "code": "{code}"}),
    "sign-in by password": Request(None, "POST", "/api/sign-in/passwords", LOGIN),
    "look at a link": Request(None, "POST", "/api/sign-in/links/look", {"link": "{link}"}),
    "sign-in by link": Request(None, "POST", "/api/sign-in/links", {"link": "{link}", "set_up": SET_UP}),
    "end session": Request("Ben", "DELETE", "/api/sessions/{key}"),
    "sign-out": Request("Ben", "DELETE", "/api/session"),
    "sign-out everywhere": Request("Dov", "DELETE", "/api/sessions"),
    "visit code": Request("Cleo", "POST", "/api/visit-codes/check", {"code": "000000", "caller": "+447700900001"}),
    **REGISTRY,
    **ADMINS,
    **PLACES,
    **POLICIES,
    **IMPORTS,
    "case word": Request("Cleo", "POST", "/api/case-words/check", {"word": "K7M4T"}),
}
CALLBACKS = {
    "attempt status": Request(None, "POST", "/twilio/attempts/{attempt}/status", form={"MessageStatus": "delivered"}),
    "notice status": Request(None, "POST", "/twilio/notices/{notice}/status", form={"MessageStatus": "delivered"}),
    "voice": Request(None, "POST", "/twilio/attempts/{call}/voice", form={"AnsweredBy": "machine_start"}),
    "key": Request(None, "POST", "/twilio/attempts/{call}/key", form={"Digits": "1"}),
    "text": Request(None, "POST", "/twilio/sms", form={"From": "+447700900001", "Body": "STOP", "MessageSid": "SM1"}),
    "line": Request(
        None, "POST", "/twilio/voice", form={"From": "+447700900001", "Digits": "000000", "CallSid": "CA1"}
    ),
}
DRILLS = {
    f"drill {name}": Request(None, "POST", f"/twilio/drill/{name}", form={"CallSid": "CA1", "Digits": "1"})
    for name in ("voice", "key", "status")
}
"""What the provider asks in a drill: nothing of it is kept, so that no field of it can be bad."""
DECISIONS = ("pause", "resume", "close", "reopen", "take", "reassign", "undo")


ALSO_CLEOS = {"own link", "warning", "sign-out", "sign-out everywhere", "end session"}
"""What others do, and Cleo may too."""


# What may be wrong with any of them


def not_a_document(name: str, good: Request) -> Iterator[Case]:
    """Bodies that are no JSON, or JSON of another shape."""
    not_json = Problem("NotJSON", 400)
    whole = json.dumps({"x": PRIVATE})
    for said, content in {
        "half a body": whole[:-1].encode(),
        "no body": b"",
        "a body not in UTF-8": b'{"x": "\xff"}',
        "a NaN": whole.replace(f'"{PRIVATE}"', "NaN").encode(),
        "an infinity": whole.replace(f'"{PRIVATE}"', "-Infinity").encode(),
        "half a character": b'{"x": "\\ud800"}',
        "ten thousand brackets": b"[" * 10_000,
        "a number of five thousand digits": b'{"x": ' + b"9" * 5000 + b"}",
    }.items():
        yield Case(f"{name}: {said}", replace(good, content=content), not_json)
    large = Problem("TooLarge", 413)
    yield Case(f"{name}: over the limit", replace(good, content=b" " * (LIMIT + 1)), large)
    said_large = {**good.headers, "Content-Length": "9" * 5000}
    yield Case(f"{name}: of a length nobody can read", replace(good, headers=said_large), large)
    shape = Problem("BadInput", 422, ("",) if name == "warning" else ("body",))
    for content in (b'"text"', b"7", b"null", b"true") + ((b"[]",) if name != "warning" else ()):
        yield Case(f"{name}: the JSON {content.decode()}", replace(good, content=content), shape)


def wrong_token(name: str, good: Request) -> Iterator[Case]:
    """No token, an unknown one, and those of the other kinds."""
    if good.whose is None:
        return
    yield Case(f"{name}: no token", replace(good, whose=None), Problem("NoTokenGiven", 401))
    yield Case(f"{name}: an unknown token", replace(good, whose="nobody"), Problem("TokenRefused", 401))
    for whose in sorted(
        {"Ben", "Cleo", "bank"}
        - {"Ben" if good.whose == "Dov" else good.whose}
        - ({"Cleo"} if name in ALSO_CLEOS else set())
    ):
        yield Case(f"{name}: the token of {whose}", replace(good, whose=whose), Problem("NotYours", 403))


def wrong_id(name: str, good: Request) -> Iterator[Case]:
    """Ids in the path that name nothing."""
    start, _, rest = good.path.partition("{")
    for said, given in {
        "an id of nothing": str(uuid.uuid4()),
        "an id that is none": "7",
        "a NUL for an id": "\0",
        "a name for an id": PRIVATE,
    }.items():
        path = start + given + rest.partition("}")[2]
        yield Case(f"{name}: {said}", replace(good, path=path), Problem("NotFound", 404))


def wrong_version(name: str, good: Request) -> Iterator[Case]:
    """Decisions on a version that was not read, or is not the last."""
    yield Case(f"{name}: no version", replace(good, headers={}), Problem("VersionNeeded", 428))
    yield Case(f"{name}: an empty version", replace(good, headers={"If-Match": " "}), Problem("VersionNeeded", 428))
    for said, version in {"a stale version": '"0"', "a version that is none": '"', "a weak one": 'W/"1"'}.items():
        yield Case(f"{name}: {said}", replace(good, headers={"If-Match": version}), Problem("StaleVersion", 412))


def wrong_fields(name: str, faults: list[tuple[str, dict[str, Any], str]]) -> Iterator[Case]:
    """The good body with one fault; `...` leaves the field out."""
    good = GOOD[name]
    for said, given, fault in faults:
        body = {key: value for key, value in {**good.body, **given}.items() if value is not ...}
        yield Case(f"{name}: {said}", replace(good, body=body), Problem("BadInput", 422, (fault,)))


def place(lat: object, lon: object = 120.15) -> dict[str, object]:
    """A place, or half of one."""
    return {key: value for key, value in {"lat": lat, "lon": lon}.items() if value is not ...}


def bad_times(name: str, column: str) -> list[tuple[str, dict[str, Any], str]]:
    """What is no time that can be meant, in this field."""
    texts = {
        "a word for a time": PRIVATE,
        "a naive time": "2026-11-24T12:00:00",
        "the year 9999": "9999-12-31T23:59:59-14:00",
        "the year one": "0001-01-01T00:00:00+14:00",
        "a NUL in a time": "2026-11-24T12:00:00Z\0",
        "a list for a time": [PRIVATE],
        "a number for a time": NOON.timestamp(),
    }
    return [(f"{said} in {column}", {column: text}, column) for said, text in texts.items()]


REASONS = [
    ("no reason", {"reason": ...}, "reason"),
    ("a reason in free text", {"reason": PRIVATE}, "reason"),
    ("an empty reason", {"reason": ""}, "reason"),
    ("a NUL in the reason", {"reason": "left\0town"}, "reason"),
    ("a reason too long", {"reason": "a" * 41}, "reason"),
    ("a number for a reason", {"reason": 7}, "reason"),
    ("null for a reason", {"reason": None}, "reason"),
]
WHO = [
    ("nobody", {"phone": ...}, "body"),
    ("by number and invitation", {"invite": "a" * 22}, "body"),
    ("a word for a number", {"phone": "Ada-Lovelace"}, "phone"),
    ("a NUL for a number", {"phone": "\0"}, "phone"),
    ("a number too long", {"phone": "+" + "1" * 50}, "phone"),
    ("a list for a number", {"phone": [PRIVATE]}, "phone"),
    ("an invitation that is none", {"phone": ..., "invite": f"{PRIVATE} {PRIVATE}"}, "invite"),
]
GOING_HOME = [
    ("no moves", {"moves": ...}, "moves"),
    ("a word for a move", {"moves": [PRIVATE]}, "moves.0"),
    ("a move of no case", {"moves": [{"version": 1}]}, "moves.0.outreach_id"),
    ("a move on no version", {"moves": [{"outreach_id": str(uuid.uuid4())}]}, "moves.0.version"),
    ("more moves than anybody holds", {"moves": [{"outreach_id": str(uuid.uuid4()), "version": 1}] * 51}, "moves"),
    ("a word for off duty", {"off_duty": PRIVATE}, "off_duty"),
]
HANDED_ON = [
    ("to nobody named", {"to": ...}, "to"),
    ("to a name", {"to": PRIVATE}, "to"),
    ("to nobody there is", {"to": str(uuid.uuid4())}, "to"),
    ("a note too long", {"note": LONG}, "note"),
    ("a NUL in the note", {"note": NUL}, "note"),
    ("a list for a note", {"note": [PRIVATE]}, "note"),
]
SHIFTS = [
    ("of nobody", {"responder_id": ...}, "responder_id"),
    ("of nobody there is", {"responder_id": str(uuid.uuid4())}, "responder_id"),
    ("of another area's", {"responder_id": "{dov}"}, "responder_id"),
    ("of a name", {"responder_id": PRIVATE}, "responder_id"),
    ("that ends first", {"ends_at": when(239 * HOUR)}, "body"),
    ("that is past", {"starts_at": when(-2 * HOUR), "ends_at": when(-HOUR)}, "ends_at"),
    ("while they have one", {"starts_at": when(2 * HOUR)}, "starts_at"),
    *bad_times("shift", "starts_at"),
]
FAULTS: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "position": [
        ("no latitude", {"lat": ...}, "lat"),
        ("off the globe", {"lat": 90.1}, "lat"),
        ("round the globe", {"lon": -181}, "lon"),
        ("beyond any number", {"lon": 10**400}, "lon"),
        ("a word for a latitude", {"lat": PRIVATE}, "lat"),
        ("a list for a longitude", {"lon": [1]}, "lon"),
        ("null", {"lat": None}, "lat"),
    ],
    "duty": [
        ("neither on nor off", {"until": ...}, "body"),
        ("both on and off", {"off": True}, "body"),
        ("a word for off", {"off": PRIVATE, "until": ...}, "off"),
        ("until what is past", {"until": when(-HOUR)}, "until"),
        ("for two days", {"until": when(48 * HOUR)}, "until"),
        *bad_times("duty", "until"),
        ("from what is past", {"from": when(-HOUR)}, "from"),
        ("from two days on", {"from": when(48 * HOUR)}, "from"),
        ("until before it begins", {"from": when(5 * HOUR)}, "until"),
        ("off from a time on", {"from": when(HOUR), "off": True, "until": ...}, "body"),
        *bad_times("duty", "from"),
    ],
    "push": [
        ("no address", {"endpoint": ...}, "endpoint"),
        ("a word for an address", {"endpoint": PRIVATE}, "endpoint"),
        ("an address too long", {"endpoint": "https://push.example/" + LONG}, "endpoint"),
        ("a NUL in the address", {"endpoint": "https://push.example/" + NUL}, "endpoint"),
        ("no keys", {"keys": ...}, "keys"),
        ("a word for a key", {"keys": {**PUSH_KEYS, "p256dh": PRIVATE}}, "keys.p256dh"),
        ("a point off the curve", {"keys": {**PUSH_KEYS, "p256dh": "B" + "A" * 86}}, "keys.p256dh"),
        ("a secret too short", {"keys": {**PUSH_KEYS, "auth": "AAAA"}}, "keys.auth"),
        ("a letter of another script in the secret", {"keys": {**PUSH_KEYS, "auth": "秘" * 22}}, "keys.auth"),
    ],
    "away": [
        ("no days", {"days": ...}, "days"),
        ("a word for a day", {"days": [PRIVATE]}, "days.0"),
        ("today", {"days": ["2026-11-24"]}, "days"),
        ("a day in two years", {"days": ["2028-11-24"]}, "days"),
        ("more days than a season has", {"days": ["2026-11-26"] * 101}, "days"),
    ],
    "decline": [
        ("a number for a reason", {"reason": 7}, "reason"),
        ("a reason too long", {"reason": LONG}, "reason"),
        ("a list for a reason", {"reason": [PRIVATE]}, "reason"),
    ],
    "check-in": [
        ("no id", {"id": ...}, "id"),
        ("an id that is none", {"id": PRIVATE}, "id"),
        ("no task", {"task_id": ...}, "task_id"),
        ("a number for a task", {"task_id": 7}, "task_id"),
        ("an unknown kind", {"kind": PRIVATE}, "kind"),
        ("no time", {"made_at": ...}, "made_at"),
        *bad_times("check-in", "made_at"),
        ("an outcome too long", {"outcome": LONG}, "outcome"),
        ("a list for an outcome", {"outcome": [PRIVATE]}, "outcome"),
        ("a note too long", {"note": LONG}, "note"),
        ("a number for a note", {"note": 7}, "note"),
        ("a place off the globe", {"location": place(91)}, "location.lat"),
        ("half a place", {"location": place(30, ...)}, "location.lon"),
        ("a word for a place", {"location": PRIVATE}, "location"),
        ("an accuracy below nothing", {"accuracy_m": -1}, "accuracy_m"),
        ("moved to nowhere", {"kind": "moved"}, "body"),
        ("a correction that says nothing", {"correction": {}}, "correction"),
        ("a word for a new number", {"correction": {"phone": "Ada-Lovelace"}}, "correction.phone"),
        ("a new place off the globe", {"correction": {"location": place(91)}}, "correction.location.lat"),
        ("a new address too long", {"correction": {"address": LONG}}, "correction.address"),
        ("a NUL in a new address", {"correction": {"address": NUL}}, "correction.address"),
        *bad_times("check-in", "again_at"),
        ("an accuracy beyond the earth", {"accuracy_m": 1e300}, "accuracy_m"),
    ],
    "contact": [
        ("no outcome", {"outcome": ...}, "outcome"),
        ("a number for an outcome", {"outcome": 7}, "outcome"),
        ("somebody unknown", {"who": PRIVATE}, "who"),
        ("an id that is none", {"id": PRIVATE}, "id"),
        ("a note too long", {"note": LONG}, "note"),
        ("a NUL in a note", {"note": NUL}, "note"),
        ("before the case was opened", {"at": when(-48 * HOUR)}, "at"),
        ("at a time to come", {"at": when(HOUR)}, "at"),
        *bad_times("contact", "at"),
    ],
    "aftermath": [
        ("of no target", {"target_id": ...}, "target_id"),
        ("of a name", {"target_id": PRIVATE}, "target_id"),
        ("perhaps", {"defrauded": PRIVATE}, "defrauded"),
        ("less than nothing lost", {"lost": -1}, "lost"),
        ("more lost than there is", {"lost": 10**13}, "lost"),
        ("told by a name", {"told_by": PRIVATE}, "told_by"),
    ],
    "pause": REASONS,
    "resume": REASONS,
    "reopen": REASONS,
    "close": [
        *REASONS,
        ("an end that is none", {"end_state": PRIVATE}, "end_state"),
        ("convinced by decision", {"end_state": "convinced"}, "end_state"),
        ("null for an end", {"end_state": None}, "end_state"),
    ],
    "going home": GOING_HOME,
    "going home undone": GOING_HOME,
    "hand on": HANDED_ON,
    "hand on all": HANDED_ON,
    "reassign": [
        *REASONS,
        ("to nobody", {"responder_id": ...}, "responder_id"),
        ("to a name", {"responder_id": PRIVATE}, "responder_id"),
        ("a task of an unknown kind", {"kind": PRIVATE}, "kind"),
    ],
    "warning": [
        ("no id", {"external_id": ...}, "external_id"),
        ("a NUL in its id", {"external_id": NUL}, "external_id"),
        ("a severity of its own", {"severity": PRIVATE}, "severity"),
        ("a place off the globe", {"resident": {"location": place(91)}}, "resident.location.lat"),
        *bad_times("warning", "detected_at"),
    ],
    "code": WHO,
    "sign-in": [
        *WHO,
        ("no code", {"code": ...}, "code"),
        ("a code too short", {"code": "12345"}, "code"),
        ("a word for a code", {"code": PRIVATE}, "code"),
        ("a number for a code", {"code": 123456}, "code"),
        ("digits of another script", {"code": "١٢٣٤٥٦"}, "code"),
    ],
    "sign-in by password": [
        ("no name", {"name": ...}, "name"),
        ("a name too long", {"name": LONG}, "name"),
        ("a NUL in the name", {"name": NUL}, "name"),
        ("a number for a name", {"name": 7}, "name"),
        ("no password", {"password": ...}, "password"),
        ("a password too long", {"password": LONG}, "password"),
        ("a list for a password", {"password": [PRIVATE]}, "password"),
        ("no code", {"code": ...}, "code"),
        ("a code too short", {"code": "12345"}, "code"),
        ("digits of another script", {"code": "١٢٣٤٥٦"}, "code"),
    ],
    "look at a link": [
        ("no link", {"link": ...}, "link"),
        ("a link that is none", {"link": f"{PRIVATE} {PRIVATE}"}, "link"),
        ("a NUL in the link", {"link": NUL}, "link"),
    ],
    "sign-in by link": [
        ("no link", {"link": ...}, "link"),
        ("a list for a link", {"link": [PRIVATE]}, "link"),
        ("a word to set up", {"set_up": PRIVATE}, "set_up"),
        ("a password too short", {"set_up": {**SET_UP, "password": "willow"}}, "set_up.password"),
        ("a name too short", {"set_up": {**SET_UP, "name": "c"}}, "set_up.name"),
        ("a code too long", {"set_up": {**SET_UP, "code": "1234567"}}, "set_up.code"),
    ],
    "visit code": [
        ("no code", {"code": ...}, "code"),
        ("a code too short", {"code": "12345"}, "code"),
        ("a code too long", {"code": "1234567"}, "code"),
        ("a word for a code", {"code": PRIVATE}, "code"),
        ("digits of another script", {"code": "١٢٣٤٥٦"}, "code"),
        ("a line after the code", {"code": "123456\n7"}, "code"),
        ("a number for a code", {"code": 123456}, "code"),
        ("a word for a caller", {"caller": "Ada-Lovelace"}, "caller"),
        ("a NUL for a caller", {"caller": "\0"}, "caller"),
        ("a caller too long", {"caller": "+" + "1" * 50}, "caller"),
        ("a list for a caller", {"caller": [PRIVATE]}, "caller"),
    ],
    "find residents": [
        ("a number to look for", {"text": 7}, "text"),
        ("a text too long", {"text": LONG}, "text"),
        ("a NUL to look for", {"text": NUL}, "text"),
        ("after a name", {"after": PRIVATE}, "after"),
    ],
    "merge": [
        ("with nobody", {"other": ...}, "other"),
        ("with a name", {"other": PRIVATE}, "other"),
        ("with herself", {"other": "{ada}"}, "other"),
        ("of what is united anyhow", {"take": ["phones"]}, "take.0"),
        ("a word for what wins", {"take": PRIVATE}, "take"),
    ],
    "appoint": [
        *PEOPLE,
        ("no name", {"name": ...}, "name"),
        ("a role of their own", {"role": PRIVATE}, "role"),
        ("to a phone", {"role": "responder"}, "role"),
        ("a word for a number", {"phone": "Ada-Lovelace"}, "phone"),
    ],
    "appointed": [("a role of their own", {"role": PRIVATE}, "role"), ("no role", {"role": ...}, "role")],
    "own link": [
        ("a code too short", {"code": "12345"}, "code"),
        ("a list for a password", {"password": [PRIVATE]}, "password"),
        ("a password too long", {"password": LONG}, "password"),
    ],
    "not the same": [
        ("as nobody", {"other": ...}, "other"),
        ("as a name", {"other": PRIVATE}, "other"),
        ("as herself", {"other": "{ada}"}, "other"),
    ],
    "find responders": [("a list to look for", {"text": [PRIVATE]}, "text")],
    "resident": [
        *PEOPLE,
        ("no area", {"area": None}, "area"),
        ("a weakness in free text", {"vulnerabilities": [f"{PRIVATE} {PRIVATE}"]}, "vulnerabilities.0"),
        ("a word for a number", {"phones": [{"number": "Ada-Lovelace"}]}, "phones.0.number"),
        ("the same number twice", {"phones": [{"number": BENS}, {"number": BENS}]}, "phones.0.number"),
        ("a number that is not hers", {"phones": [{"number": BENS, "id": str(uuid.uuid4())}]}, "phones.0.id"),
        ("a place off the globe", {"addresses": [{"lat": 91, "lon": 0}]}, "addresses.0.lat"),
        ("a place without words", {"addresses": [{}]}, "addresses.0.text"),
        ("a NUL in an address", {"addresses": [{"text": NUL}]}, "addresses.0.text"),
        (
            "a contact without a name",
            {"trusted_contacts": [{"number": BENS, "relation": "son"}]},
            "trusted_contacts.0.name",
        ),
    ],
    "new resident": [
        *PEOPLE,
        ("known to somebody else", {"phones": [{"number": BENS, "id": str(uuid.uuid4())}]}, "phones.0.id"),
    ],
    "new responder": [
        *PEOPLE,
        ("without any place for a task", {"capacity": 0}, "capacity"),
        ("another's number", {"phone": BENS}, "phone"),
        ("of a unit that there is none of", {"unit": "ufo"}, "unit"),
        ("trained in nothing known", {"trained": ["ufo"]}, "trained"),
    ],
    "shift": SHIFTS,
    "area": AREAS,
    "new area": [
        *AREAS,
        ("no code", {"code": ...}, "code"),
        ("a code in free text", {"code": f"{PRIVATE} {PRIVATE}"}, "code"),
        ("another's code", {"code": "g1"}, "code"),
        ("a kind of its own", {"kind": PRIVATE}, "kind"),
        ("a city within a city", {"kind": "city"}, "parent"),
        ("at the top, which is not hers", {"parent": None}, "parent"),
    ],
    "unit": UNITS,
    "new unit": [*UNITS, ("another's code", {"code": "bank"}, "code"), ("no code", {"code": ...}, "code")],
    "new source": [
        ("of no unit", {"unit": ...}, "unit"),
        ("of a unit that there is none of", {"unit": "ufo"}, "unit"),
        ("another's code", {"code": "bank"}, "code"),
        ("a NUL in the name", {"name": NUL}, "name"),
        ("in another's area", {"area": "far"}, "area"),
        ("of the whole city, which is not hers", {"area": None}, "area"),
    ],
    "category": [
        ("no names", {"names": {}}, "names"),
        ("a name too long", {"names": {"en": LONG}}, "names.en"),
        ("a name in no language", {"names": {PRIVATE: "x"}}, "names"),
        ("a script in no language", {"say": {f"{PRIVATE} {PRIVATE}": [7]}}, "say"),
        ("no outcomes", {"outcomes": []}, "outcomes"),
        ("an outcome less", {"outcomes": OUTCOMES[1:]}, "outcomes"),
        ("an outcome twice", {"outcomes": [*OUTCOMES, OUTCOMES[0]]}, "outcomes.10.code"),
        ("an outcome in free text", {"outcomes": [{**OUTCOMES[0], "code": PRIVATE}]}, "outcomes.0.code"),
        ("an end of its own", {"outcomes": [{**OUTCOMES[0], "ends": PRIVATE}]}, "outcomes.0.ends"),
        ("a span without a unit", {"outcomes": [{**OUTCOMES[0], "follow_up": "30"}]}, "outcomes.0.follow_up"),
        ("a NUL in a script", {"scripts": {"en": [NUL]}}, "scripts.en.0"),
        ("a word for a script", {"say": PRIVATE}, "say"),
    ],
    "revoked": [("a word for a key", {"key": PRIVATE}, "key"), ("a list for a key", {"key": [PRIVATE]}, "key")],
    "responder": [
        *PEOPLE,
        ("a role of their own", {"role": PRIVATE}, "role"),
        ("no language", {"languages": []}, "languages"),
        ("trained in nothing known", {"trained": ["ufo"]}, "trained"),
        ("less than they hold", {"capacity": 0}, "capacity"),
        ("another's number", {"phone": "+447700900003"}, "phone"),
        ("off the globe", {"lat": 91}, "lat"),
        *bad_times("responder", "vetted_until"),
        ("a shift that ends first", {"shifts": [{"starts_at": when(HOUR), "ends_at": when(-HOUR)}]}, "shifts.0"),
    ],
    "import": [
        ("of an unknown kind", {"kind": PRIVATE}, "kind"),
        ("without a name", {"name": ...}, "name"),
        ("a NUL in the name", {"name": NUL}, "name"),
        ("of an unknown format", {"name": PRIVATE + ".exe"}, "name"),
        ("not in base64", {"content": PRIVATE + "!"}, "content"),
        ("letters of another script for base64", {"content": "阿" * 8}, "content"),
        ("a word for a digest", {"apply": PRIVATE}, "apply"),
        ("nothing in it", {"content": "", "apply": None}, "file"),
        ("no workbook", {"name": "a.xlsx", "apply": None}, "file"),
        ("no text", {"content": b64encode(b"\xff\xfe\xff").decode(), "apply": None}, "file"),
        ("without a column", {"content": b64encode(b"name\nAda\n").decode(), "apply": None}, "external_id"),
    ],
    "policy": [
        ("no steps", {"steps": []}, "steps"),
        ("a word for a step", {"steps": [PRIVATE]}, "steps.0"),
        ("nothing that counts as reached", {"accepts": []}, "accepts"),
        ("evidence of its own", {"accepts": [PRIVATE]}, "accepts.0"),
        ("no end", {"gives_up_after": ...}, "gives_up_after"),
        ("an end nobody can count to", {"gives_up_after": "9" * 400 + "d"}, "gives_up_after"),
        ("an end before the last step", {"gives_up_after": "2m"}, "gives_up_after"),
        ("hours in words", {"hours": {"start": PRIVATE, "end": "20:00"}}, "hours.start"),
        ("hours that never open", {"hours": {"start": "20:00", "end": "20:00"}}, "hours.end"),
        ("a step of its own", with_visit(do=PRIVATE), "steps.1.do"),
        ("a span without a unit", with_visit(after="2"), "steps.1.after"),
        ("a span of ten years", with_visit(after="3650d"), "steps.1.after"),
        ("nobody asked", with_visit(ask=0), "steps.1.ask"),
        ("a role of its own", with_visit(roles=[PRIVATE]), "steps.1.roles.0"),
        ("a key that calls off a visit", with_visit(stops_on=["key"]), "steps.1.stops_on"),
        ("a text that nobody wrote", with_visit(text="ufo"), "steps.1.text"),
        ("a NUL for a text", with_visit(text="\0"), "steps.1.text"),
    ],
    "case word": [
        ("no word", {"word": ...}, "word"),
        ("an empty word", {"word": " "}, "word"),
        ("a word too long", {"word": PRIVATE * 3}, "word"),
        ("a NUL in the word", {"word": "K7M\x004T"}, "word"),
        ("a number for a word", {"word": 77}, "word"),
        ("a list for a word", {"word": [PRIVATE]}, "word"),
    ],
}


def on_policies() -> Iterator[Case]:
    """Versions made by somebody who may not, or on what was not read."""
    for name, good in POLICIES.items():
        yield from wrong_version(name, good)
        lower = replace(good, whose="the district's admin")
        yield Case(f"{name}: by an admin of one district", lower, Problem("CitysOnly", 403))
    yield Case("policy back: the newest", POLICIES["policy back"], Problem("NothingNew", 409))


def on_places() -> Iterator[Case]:
    """What is not theirs to change, or has another state."""
    not_found, not_yours = Problem("NotFound", 404), Problem("NotYours", 403)
    for name in ("area", "unit", "category"):
        yield from wrong_version(name, PLACES[name])
    lower = replace(PLACES["category"], whose="Cleo as admin")
    yield Case("category: by an admin of one area", lower, Problem("CitysOnly", 403))
    elsewhere = "Dov who administers"
    for name in ("area", "new key", "revoked"):
        yield Case(f"{name}: another area's", replace(PLACES[name], whose=elsewhere), not_found)
    yield Case("unit: of another area", replace(PLACES["unit"], whose=elsewhere), not_yours)
    yield Case("end of a shift: another area's", replace(PLACES["end of a shift"], whose=elsewhere), not_found)
    over = replace(PLACES["end of a shift"], path="/api/shifts/{shift_over}/end")
    yield Case("end of a shift: one that is over", over, Problem("IllegalMove", 409))
    nobody = replace(PLACES["revoked"], body={"key": str(uuid.uuid4())})
    yield Case("revoked: a key that is none of its own", nobody, not_found)
    bare = replace(REGISTRY["new resident"], body={"name": "Ada", "area": "g1"})
    yield Case("new resident: who cannot be reached", bare, Problem("NeitherPhoneNorPlace", 422))


def on_imports() -> Iterator[Case]:
    """Files that are not those looked at, are too long, or are not hers to bring in."""
    good = GOOD["import"]
    other = replace(good, body={**FILE, "apply": "0" * 64})
    yield Case("import: another file than was looked at", other, Problem("OtherFile", 409))
    many = b64encode(b"external_id\n" + b"R\n" * 5001).decode()
    long = replace(good, body={**FILE, "content": many, "apply": None})
    yield Case("import: more rows than are taken", long, Problem("TooManyRows", 422))
    yield Case(
        "import: areas by a coordinator", replace(good, body={**FILE, "kind": "areas"}), Problem("NotYours", 403)
    )


def unfitting() -> Iterator[Case]:
    """Well written requests that do not fit what stands."""
    good, not_found = GOOD, Problem("NotFound", 404)

    def other(name: str, said: str, problem: Problem, **changes: Any) -> Case:
        return Case(f"{name}: {said}", replace(good[name], **changes), problem)

    over = Problem("OfferOver", 409)
    for name in ("accept", "decline", "seen"):
        yield other(name, "an offer to somebody else", not_found, path=f"/api/offers/{{dovs_offer}}/{name}")
    yield other("accept", "an offer that has lapsed", over, path="/api/offers/{lapsed}/accept")
    yield other("accept", "an offer that was declined", over, path="/api/offers/{declined}/accept")
    yield other("decline", "an offer that was accepted", over, path="/api/offers/{accepted}/decline")
    full = Problem("AtCapacity", 409)
    yield other(
        "accept", "by somebody who holds all they can", full, whose="Dov", path="/api/offers/{dovs_offer}/accept"
    )

    body, headers = good["check-in"].body, good["check-in"].headers
    unknown = Problem("UnknownOutcome", 422, ("outcome",))
    for said, outcome in {"an unknown outcome": PRIVATE.lower(), "no outcome": None, "a NUL for one": "\0"}.items():
        yield other("check-in", said, unknown, body={**body, "outcome": outcome})
    yield other("check-in", "on another's task", not_found, body={**body, "task_id": "{dovs_task}"})
    yield other("check-in", "on no task", not_found, body={**body, "task_id": str(uuid.uuid4())})
    clock = Problem("BadInput", 422, ("Phone-Now",))
    for said, text in {"a naive": "2026-11-24T12:00:00", "a far": "9999-12-31T23:59:59-14:00", "no": "soon"}.items():
        yield other("check-in", f"{said} time of the phone's", clock, headers={"Phone-Now": text})
    yield other("check-in", "no word of the phone's time", clock, headers={})
    yield other("check-in", "an empty phone's time", clock, headers={**headers, "Phone-Now": ""})

    named = Problem("UnknownOutcome", 422, ("outcome",))
    for said, outcome in {"an unknown outcome": PRIVATE, "a NUL for an outcome": "\0"}.items():
        yield other("contact", said, named, body={"outcome": outcome})
    illegal = Problem("IllegalMove", 409)
    for name, case in {
        "pause": "paused", "resume": "open", "close": "ended", "reopen": "open", "reassign": "ended",
    }.items():  # fmt: skip
        moved = replace(decision(name, case, good[name].body))
        yield Case(f"{name}: a case that is {case}", moved, illegal)
    for name in DECISIONS:
        yield other(name, "a case of another area", not_found, whose="Dov who coordinates")
    yield other("contact", "a case of another area", not_found, whose="Dov who coordinates")
    last = Problem("LastAdmin", 409)
    yield other("let go", "the last admin", last, path="/api/coordinators/{citys}")
    lowered = {"path": "/api/coordinators/{citys}", "body": {**CHI, "area": None}}
    yield other("appointed", "the last admin to something less", last, **lowered)
    stranger = {**good["reassign"].body, "responder_id": str(uuid.uuid4())}
    yield other("reassign", "to a stranger", not_found, body=stranger)
    yield other("reassign", "to somebody full", full, body={**good["reassign"].body, "responder_id": "{dov}"})
    yield other("warning", "an unknown category", Problem("UnknownCategory", 422, ("category",)),
                body={**WARNING, "category": "ufo"})  # fmt: skip
    yield other("warning", "another content under a known id", Problem("DifferentContent", 409),
                body={**WARNING, "external_id": "w-open"})  # fmt: skip
    yield other("warning", "more than a thousand", Problem("BadInput", 422, ("",)), body=[7] * 1001)
    cleo_without = Problem("NotYours", 403)
    yield other("invite", "a responder of another area", not_found, whose="Dov who coordinates")
    elsewhere = {"Origin": "https://elsewhere.example"}
    for name in ("sign-in", "sign-in by password", "sign-in by link"):
        yield other(name, "from another site's page", Problem("NotFromTheApp", 403), headers=elsewhere)
    yield other("end session", "somebody else's", not_found, whose="Dov who coordinates")
    yield other("warning", "by a coordinator without a source", cleo_without, whose="Dov who coordinates")


def callbacks() -> Iterator[Case]:
    """Callbacks that the provider did not make, or that are about nothing."""
    forged, large = Problem("Forged", 403), Problem("TooLarge", 413)
    for name, good in {**CALLBACKS, **DRILLS}.items():
        for whose in ("nobody", "an invented one", "another callback"):
            if not (name == "text" and whose == "another callback"):
                yield Case(f"{name}: signed by {whose}", replace(good, signed_as=whose), forged)
        yield Case(f"{name}: over the limit", replace(good, form={**(good.form or {}), "x": "y" * LIMIT}), large)
        if name in DRILLS:
            continue
        nul = Problem("BadInput", 422, ("MessageSid",))
        yield Case(f"{name}: a NUL", replace(good, form={**(good.form or {}), "MessageSid": NUL}), nul)
        long = replace(good, form={**(good.form or {}), "MessageSid": "S" * 65})
        yield Case(f"{name}: an id too long", long, nul)
        if "{" in good.path:
            yield from wrong_id(name, good)


def all_cases() -> Iterator[Case]:
    """Every bad request."""
    for name, good in GOOD.items():
        yield from wrong_token(name, good)
        if good.body is not None:
            yield from not_a_document(name, good)
        yield from wrong_fields(name, FAULTS.get(name, []))
        if "{" in good.path:
            yield from wrong_id(name, good)
        if name in DECISIONS:
            yield from wrong_version(name, good)
    yield from unfitting()
    yield from on_places()
    yield from on_policies()
    yield from on_imports()
    yield from callbacks()


def cases() -> Iterator[Any]:
    """All of them; `make quick` tries the first at each address."""
    tried: set[tuple[str, str]] = set()
    for case in all_cases():
        at = (case.request.method, _template(case.request.path))
        yield pytest.param(case, id=case.said, marks=[pytest.mark.slow] if at in tried else [])
        tried.add(at)


# The world they are sent into


@asynccontextmanager
async def world_on(url: str) -> AsyncIterator[World]:
    """The cast at work on a fresh database."""
    context = await connect(url, KEYS)
    try:
        with database_of(context):
            cast = await call_the_cast(SETTINGS, NOON)
            holders = {
                "bank": (TokenKind.SOURCE, cast.source.id),
                "Ben": (TokenKind.RESPONDER, cast.ben.id),
                "Dov": (TokenKind.RESPONDER, cast.dov.id),
                "Cleo": (TokenKind.COORDINATOR, cast.cleo.id),
                "Dov who coordinates": (
                    TokenKind.COORDINATOR,
                    (await Coordinator.create(name="Dov", area=cast.elsewhere)).id,
                ),
            }
            citys, lower = await Coordinator.create(name="Cleo"), await Coordinator.create(name="Cleo", area=cast.grid)
            holders |= {"the admin": (TokenKind.ADMIN, citys.id), "the district's admin": (TokenKind.ADMIN, lower.id)}
            holders["Cleo as admin"] = (TokenKind.ADMIN, cast.cleo.id)
            holders["Dov who administers"] = (TokenKind.ADMIN, holders["Dov who coordinates"][1])
            tokens = {name: await issue_token(*holder, NOON) for name, holder in holders.items()}
        app = make_web(Parts(SETTINGS, SetClock(NOON), lambda: None, context))
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
            client.event_hooks = {"response": [held]}
            world = World(client, context, tokens, {"ben": str(cast.ben.id), "dov": str(cast.dov.id)})
            world.ids["ada"] = str(cast.ada.id)
            with database_of(context):
                double = await Resident.create(name="Ada", area=cast.grid, made_at=NOON)
                world.ids["double"] = str(double.id)
                chi = await Coordinator.create(name="Chi", area=cast.grid, role=TokenKind.CHIEF)
                await issue_token(TokenKind.CHIEF, chi.id, NOON)
                world.ids |= {"chi": str(chi.id), "citys": str(citys.id)}
                await Coordinator.filter(id=citys.id).update(role=TokenKind.ADMIN)
            await _cases_under_way(world)
            with database_of(context):
                await _people_and_messages_under_way(world, cast.ben, cast.dov)
                await _places_and_hours(world, cast)
                for name in ("open", "paused", "ended", "rung"):
                    world.ids[f"{name}_version"] = str((await Outreach.get(id=world.ids[name])).version)
                await tell_board("provider_trouble", None, NOON, code="20003")
                world.ids["word"] = str((await Notice.get(kind="provider_trouble")).id)
                world.ids["policy"] = str((await EscalationPolicy.get(name="fraud_high")).id)
                world.ids["target"] = str((await Target.filter(outreach_id=world.ids["rung"]).order_by("id"))[0].id)
            await world.changed()
            yield world
    finally:
        await context.close_connections()


async def held(answer: httpx2.Response) -> None:
    """Fails for an answer that the API's description does not list."""
    await hold_to_the_description(answer)


async def _cases_under_way(world: World) -> None:
    for number, name in enumerate(("open", "paused", "ended", "busy", "rung")):
        resident = {"phone": f"+1415555020{number}", "name": "Ada", "location": {"lat": HOME[0], "lon": HOME[1]}}
        body = {**WARNING, "external_id": f"w-{name}", "resident": resident}
        answer = await world.ask(replace(GOOD["warning"], body=body))
        assert answer.status_code == 202, answer.text
        world.ids[name] = answer.json()["outreach_id"]
    for name, done in {"paused": "pause", "ended": "close"}.items():
        version = {"If-Match": '"1"'}
        answer = await world.ask(replace(decision(done, name, REASON), headers=version))
        assert answer.status_code == 200, answer.text


async def _people_and_messages_under_way(world: World, ben: Responder, dov: Responder) -> None:
    lapsed = {"status": OfferStatus.LAPSED, "settled_at": NOON - HOUR}
    declined = {"status": OfferStatus.DECLINED, "settled_at": NOON - HOUR}
    accepted = {"status": OfferStatus.ACCEPTED, "settled_at": NOON}
    for name, case, whose, more in (
        ("offer", "open", ben, {}),
        ("second", "paused", ben, {}),
        ("dovs_offer", "open", dov, {}),
        ("lapsed", "paused", ben, lapsed),
        ("declined", "paused", ben, declined),
        ("accepted", "busy", ben, accepted),
        ("dovs_accepted", "busy", dov, accepted),
    ):
        made = await Offer.create(
            outreach_id=world.ids[case], kind=TaskKind.CALL if name == "dovs_accepted" else TaskKind.VISIT,
            responder=whose, step=0, reason="nearest", code="7Q", offered_at=NOON,
            lapses_at=NOON + timedelta(minutes=5), **more,
        )  # fmt: skip
        world.ids[name] = str(made.id)
    for name, offer, kind, whose in (
        ("task", "accepted", TaskKind.VISIT, ben),
        ("dovs_task", "dovs_accepted", TaskKind.CALL, dov),
    ):
        held = await Task.create(
            outreach_id=world.ids["busy"], kind=kind, responder=whose, offer_id=world.ids[offer],
            accepted_at=NOON - HOUR, acknowledged_at=NOON - HOUR, due_at=NOON + HOUR,
        )  # fmt: skip
        world.ids[name] = str(held.id)
    await Responder.filter(id=ben.id).update(load=1)
    await Responder.filter(id=dov.id).update(load=1, capacity=1)
    phone = await Phone.filter(number_hash=keyed_hash("+447700900001")).first()
    sending = {"status": SendStatus.SENDING, "queued_at": NOON, "send_after": NOON, "sending_at": NOON}
    for name, channel in {"attempt": Channel.SMS, "call": Channel.VOICE}.items():
        made_try = await Attempt.create(
            outreach_id=world.ids["open"], channel=channel, phone=phone, step=0, text_key="warned", **sending
        )
        world.ids[name] = str(made_try.id)
    word = await Notice.create(
        audience=Audience.RESPONDER, channel=NoticeChannel.SMS, kind="offer", responder=ben,
        outreach_id=world.ids["open"], offer_id=world.ids["offer"], **sending,
    )  # fmt: skip
    world.ids["notice"] = str(word.id)
    sent = {"made_at": NOON, "expires_at": NOON + timedelta(minutes=10), "number_hash": ben.number_hash}
    code = await SignInCode.create(responder=ben, **sent)
    world.ids["code"] = code_of(code.id)
    await _ways_in_for_a_coordinator(world, ben)


async def _places_and_hours(world: World, cast: Cast) -> None:
    """The bank's city branch, and Ben's shifts: one that is over, one that runs."""
    source = await Source.create(unit_id=cast.source.unit_id, code="branch", name="Branch", area=cast.city)
    await issue_token(TokenKind.SOURCE, source.id, NOON)
    await Source.filter(id=cast.source.id).update(area_id=cast.city.id)
    over = await Shift.create(responder=cast.ben, starts_at=NOON - 4 * HOUR, ends_at=NOON - HOUR)
    runs = await Shift.get(responder=cast.ben, ends_at__gt=NOON)
    world.ids |= {"source": str(source.id), "shift": str(runs.id), "shift_over": str(over.id)}
    world.ids["category"] = str((await Category.get(code="impersonation")).id)
    world.ids |= {"grid": str(cast.grid.id), "unit": str(cast.source.unit_id)}


async def _ways_in_for_a_coordinator(world: World, ben: Responder) -> None:
    """Cleo has a password, and a link to set another; Ben is signed in on a second phone."""
    cleo_id = (await AccessToken.get(hash=keyed_hash(world.tokens["Cleo"]))).holder_id
    secret = new_secret("of the authenticator that Cleo has")
    password = await hash_of_password(LOGIN["password"])
    await CoordinatorLogin.create(
        coordinator_id=cleo_id, name_hash=name_hash(LOGIN["name"]), password=password, totp_secret=secret, made_at=NOON
    )
    link = (await make_link(cleo_id, NOON)).code
    world.ids |= {"link": link, "digits": digits_of(secret, NOON), "link_digits": digits_of(new_secret(link), NOON)}
    token = await issue_token(TokenKind.RESPONDER, ben.id, NOON)
    world.ids["key"] = str((await AccessToken.get(hash=keyed_hash(token))).id)


@asynccontextmanager
async def an_engine(engine: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a fresh database on this engine; its own, since the usual one lives no longer than a test."""
    if engine == "sqlite":
        file = request.getfixturevalue("tmp_path_factory").mktemp("bad") / "test.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres_server")
    name = await server.clone("template_outreach")
    yield server.url(name)
    await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """One world for all bad requests of an engine: they change nothing, so they can share it."""
    async with an_engine(request.param, request) as url, world_on(url) as made:
        yield made


# What must hold


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", cases())
async def test_bad_input_is_refused_by_name_and_changes_nothing(world: World, case: Case) -> None:
    answer = await world.ask(case.request)
    told = answer.json()
    assert (told["type"], answer.status_code) == (f"urn:outreach:{case.problem.name}", case.problem.status), told
    assert answer.headers["content-type"] == "application/problem+json" and told["status"] == case.problem.status
    assert tuple(fault["field"] for fault in told.get("errors", ())) == case.problem.fields
    assert PRIVATE not in answer.text and answer.headers["x-request-id"]
    assert await world.changed() == []


GARBAGE: dict[str, Callable[[Request], Request]] = {
    "nothing": lambda good: replace(good, form={}),
    "fields nobody knows": lambda good: replace(good, form={PRIVATE: "1", "x": NUL.replace("\0", "")}),
    "words nobody knows": lambda good: replace(
        good, form={"MessageStatus": PRIVATE, "Digits": "77", "SpeechResult": PRIVATE, "From": PRIVATE, "Body": PRIVATE}
    ),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("name", [*CALLBACKS, *DRILLS])
async def test_a_signed_callback_that_says_nothing_is_taken_and_changes_nothing(
    world: World, name: str, garbage: str
) -> None:
    answer = await world.ask(GARBAGE[garbage]({**CALLBACKS, **DRILLS}[name]))
    assert answer.status_code in (200, 204) and PRIVATE not in answer.text
    # A silence is answered by saying it again, which is noted; any key at all is a person's, so the call was answered.
    noted = {"event", "attempt"} if garbage == "words nobody knows" else {"event"}
    assert set(await world.changed()) == (noted if name == "key" else set())


@pytest.mark.asyncio(loop_scope="module")
async def test_a_check_in_used_twice_is_refused_and_the_second_is_only_kept_aside(world: World) -> None:
    """The one bad request of which something is kept: a coordinator may want to read what a phone said second."""
    first = replace(GOOD["check-in"], body={**CHECK_IN, "id": str(uuid.uuid4()), "kind": "arrived", "outcome": None})
    assert (await world.ask(first)).status_code == 201
    await world.changed()
    answer = await world.ask(replace(first, body={**first.body, "note": PRIVATE}))
    assert answer.status_code == 409 and answer.json()["type"] == "urn:outreach:DifferentContent"
    assert PRIVATE not in answer.text and await world.changed() == ["check_in_kept_aside"]


IN_TURN = (
    "position", "duty", "away", "push", "no push", "seen", "decline", "accept", "check-in", "reassign", "undo",
    "word seen", "contact", "aftermath",
    "attempt status", "notice status", "voice", "key", "text", "line", "visit code", "case word",
    "invite", "code", "sign-in", "end session", "sign-out", "sign-out everywhere",
    "sign-in by password", "look at a link", "sign-in by link",
    "find residents", "find responders", "end of a shift", "resident", "responder", "new resident", "new responder",
    "shift", "area", "new area", "unit", "new unit", "new source", "new key", "revoked",
    "category",
    "policy", "policy back", "import",
    "not the same", "merge", "appoint", "appointed", "their link", "their sessions", "let go", "own link",
    "going home", "going home undone", "take", "hand on all", "hand on",
    "pause", "resume", "close", "reopen", "warning",
)  # fmt: skip


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("engine", ENGINES)
async def test_the_same_requests_without_a_fault_are_taken(engine: str, request: pytest.FixtureRequest) -> None:
    """So that none of the above is refused for a reason that is not the one it was written for."""
    async with an_engine(engine, request) as url, world_on(url) as fresh:
        assert set(IN_TURN) == {*GOOD, *CALLBACKS}
        for name, drill in DRILLS.items():
            assert (await fresh.ask(drill)).is_success and await fresh.changed() == [], name
        for name in IN_TURN:
            good = {**GOOD, **CALLBACKS}[name]
            headers = good.headers | ({"If-Match": "*"} if "If-Match" in good.headers else {})
            answer = await fresh.ask(replace(good, headers=headers))
            assert answer.is_success, (name, answer.text)
            assert await fresh.changed(), name


def test_every_route_that_writes_is_among_them() -> None:
    tried = {(good.method, _template(good.path)) for good in (*GOOD.values(), *CALLBACKS.values(), *DRILLS.values())}
    writing = {(route.method, route.path) for route in ROUTES if route.method != "GET"}
    assert writing == tried


def _template(path: str) -> str:
    start, brace, rest = path.partition("{")
    return f"{start}{{id}}{rest.partition('}')[2]}" if brace else path
