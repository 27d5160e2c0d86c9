"""The API's description as a page to read, which needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

STYLE = (
    "body{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{white-space:nowrap}"
    "h2,h3{margin:2rem 0 .25rem}table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid #8884}"
)


def page_of(document: dict[str, Any]) -> str:
    """The whole document: every route with its answers, then every shape they are made of."""
    title = escape(document["info"]["title"])
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    lead = '<p>The same for machines: <a href="/openapi.json">/openapi.json</a>.</p>'
    operations = "".join(
        _entry(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    shapes = "".join(_shape(name, schema) for name, schema in sorted(document["components"]["schemas"].items()))
    return f"{head}<h1>{title}</h1>{lead}{operations}<h1>Shapes</h1>{shapes}</html>"


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    who = ", ".join(operation.get("x-token-kinds", [])) or ("the provider" if operation["security"] else "anybody")
    heading = f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    lead = f"<p>{_prose(operation['summary'])} For: {who}.</p>"
    return f"{heading}{lead}{_table(_asked(operation))}{_table(_answered(operation))}"


def _asked(operation: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [(f"<code>{escape(p['name'])}</code>", p["in"], p.get("description", "")) for p in operation["parameters"]]
    body = operation.get("requestBody", {"content": {}})["content"]
    listed = [(_words(content["schema"]), "body", media) for media, content in body.items()]
    return [(name, place, _prose(says)) for name, place, says in (*found, *listed)]


def _answered(operation: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (status, _bodies(said.get("content", {})), _prose(said["description"]))
        for status, said in operation["responses"].items()
    ]


def _bodies(content: dict[str, Any]) -> str:
    return ", ".join(
        _words(body["schema"]) if media.endswith("json") else escape(media) for media, body in content.items()
    )


def _shape(name: str, schema: dict[str, Any]) -> str:
    heading = f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{_prose(schema.get("description", ""))}</p>'
    if "properties" not in schema:
        return f"{heading}<p>{_words(schema)}</p>"
    needed = schema.get("required", [])
    fields = [
        (f"<code>{escape(field)}</code>", _words(of), "" if field in needed else "may be left out")
        for field, of in schema["properties"].items()
    ]
    return f"{heading}{_table(fields)}"


def _words(schema: dict[str, Any]) -> str:
    """What a value looks like, in a few words and links."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "allOf" in schema:
        return _words(schema["allOf"][0])
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(map(_words, schema[choice]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"<code>{escape(str(each))}</code>" for each in schema.get("enum", [schema.get("const")]))
    return _plain_words(schema)


def _plain_words(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"list of {_words(schema.get('items', {}))}"
    by_name = schema.get("additionalProperties")
    if isinstance(by_name, dict):
        return f"by name: {_words(by_name)}"
    named = {"string": "text", "null": "null", "integer": "whole number", "boolean": "true or false"}
    kind = str(schema.get("type", "anything"))
    return escape(schema.get("format", named.get(kind, kind)))


def _prose(text: str) -> str:
    coded = re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\n\s*\n", "<br>", coded)


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{lines}</table>" if lines else ""
