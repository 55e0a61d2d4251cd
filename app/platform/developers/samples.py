"""Examples to copy, made from the document: the same request in curl, Python and JavaScript; a body that fits."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from app.core import ids, rest, rest_openapi

WRITE_ONCE = "Idempotency-Key"
DEEP = 5
FORMATS = {
    "date-time": "2026-01-31T09:30:00Z", "date": "2026-01-31", "uuid": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
}  # fmt: skip
TYPICAL = ("IE", "EUR", "en", "en-IE", "#3b5f4a", "0.23", "08:30", "shop.example", "https://shop.example", "/sale", "1")
"""Tried in turn where a field asks for a pattern."""
Document = dict[str, Any]
LIKELY: dict[str, Any] = {
    "client_id": "shop", "origin": "https://app.example", "issuer": "https://id.example", "percent": "19",
    "redirect_uris": ["https://erp.example/back"],
    "role": "support", "scopes": ["products.read", "orders.read"], "tags": ["new"],
    "texts": {"title": "Steingutbecher"}, "at": "2026-12-01T09:00",
}  # fmt: skip
"""What stands in a field of this name, where its schema does not say more than its type."""
IN_ORDER = {"collections": "collection_id", "images": "image_id", "sections": "band_id"}
"""The last word before /order, and what is put in order there."""
ONE_BY_ONE = {"/stock": "/variants/{variant_id}/stock", "/orders/tags": "/orders/{order_id}/tags"}
"""What is written many at once, and the route that writes one of it, where that is not the same with an id."""


def add(document: Document) -> None:
    """Hang an example in each language on each operation, and an example on each body."""
    server = document["servers"][0]["url"]
    for operation in (one for operations in document["paths"].values() for one in operations.values()):
        content = _content(operation)
        if content is not None:
            content["example"] = example_of(content["schema"], document)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = _content(operation)
            body = None
            if content is not None:
                body = content["example"] = _of_several(document, path) or content["example"]
            asked = Request(document, method, path, operation, body)
            operation["x-codeSamples"] = [
                {"lang": "Shell", "label": "curl", "source": asked.curl(server)},
                {"lang": "Python", "label": "Python", "source": asked.python(server)},
                {"lang": "JavaScript", "label": "JavaScript", "source": asked.javascript(server)},
            ]


def _content(operation: Document) -> Document | None:
    found: Document | None = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return found


def _of_several(document: Document, path: str) -> Document | None:
    """The body of a route that puts several things in order, or writes them."""
    base, _, last = path.rpartition("/")
    if last == "order" and base.rpartition("/")[2] in IN_ORDER:
        return {"ids": [f"{ids.PREFIXES[IN_ORDER[base.rpartition('/')[2]]]}_{rest_openapi.TAIL}"]}
    if last != "bulk":
        return None
    below = base.removeprefix(rest.PREFIX)
    if "post" in document["paths"].get(base, {}):
        return {"operations": [{"method": "create", "body": _content(document["paths"][base]["post"])["example"]}]}
    one = rest.PREFIX + (ONE_BY_ONE.get(below) or f"{below}/{{{below.strip('/').removesuffix('s')}_id}}")
    named = re.search(r"{(\w+)}", one)
    kind = ids.PREFIXES[named[1]] if named else ""
    body = _content(document["paths"][one]["put"])["example"]
    return {"operations": [{"method": "update", "id": f"{kind}_{rest_openapi.TAIL}", "if_match": '"…"', "body": body}]}


class Request:
    """One operation as somebody would send it."""

    def __init__(self, document: Document, method: str, path: str, operation: Document, body: Any) -> None:
        found = [resolved(one, document) for one in operation["parameters"]]
        self.method, self.body, self.path = method.upper(), body, path
        for one in found:
            if one["in"] == "path":
                self.path = self.path.replace("{" + one["name"] + "}", quote(str(one["example"])))
        self.query = {"limit": "3"} if any(one["name"] == "limit" for one in found) else {}
        required = {one["name"] for one in found if one["in"] == "header" and one["required"]}
        self.headers = {"Authorization": "Bearer YOUR_KEY"} if operation.get("security") else {}
        self.headers |= {one["name"]: one["example"] for one in found if one["name"] in required}
        if method == "post":
            self.headers[WRITE_ONCE] = next(one["example"] for one in found if one["name"] == WRITE_ONCE)
        self.upload = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})

    @property
    def target(self) -> str:
        """Path and query."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")

    def curl(self, server: str) -> str:
        """For a terminal."""
        asked = "" if self.method == "GET" else f"-X {self.method} "
        lines = [f"curl {asked}'{server}{self.target}'"]
        lines += [f"-H '{name}: {value}'" for name, value in self.headers.items()]
        if self.upload:
            lines.append("-F 'file=@file.csv'")
        if self.body is not None:
            lines += ["-H 'Content-Type: application/json'", "--data '" + _json(self.body).replace("'", r"'\''") + "'"]
        return " \\\n  ".join(lines)

    def python(self, server: str) -> str:
        """With httpx."""
        given = [f'"{server}{self.target}"', f"headers={_literal(self.headers)}"]
        if self.upload:
            given.append('files={"file": open("file.csv", "rb")}')
        if self.body is not None:
            given.append(f"json={_literal(self.body)}")
        inside = ",\n".join(f"    {one.replace(chr(10), chr(10) + '    ')}" for one in given)
        return (
            f"import httpx\n\nanswer = httpx.{self.method.lower()}(\n{inside},\n)\n"
            "answer.raise_for_status()\nprint(answer.json())"
        )

    def javascript(self, server: str) -> str:
        """With fetch."""
        headers = dict(self.headers) | ({"Content-Type": "application/json"} if self.body is not None else {})
        given = [f'method: "{self.method}"'] if self.method != "GET" else []
        given.append(f"headers: {_json(headers)}")
        if self.body is not None:
            given.append(f"body: JSON.stringify({_json(self.body)})")
        if self.upload:
            given.append("body: form // new FormData() with a file")
        inside = ",\n".join(f"  {one.replace(chr(10), chr(10) + '  ')}" for one in given)
        return (
            f'const answer = await fetch("{server}{self.target}", {{\n{inside},\n}});\n'
            "if (!answer.ok) throw new Error((await answer.json()).title);\nconsole.log(await answer.json());"
        )


def resolved(shape: Document, document: Document) -> Document:
    """What a reference inside the document leads to."""
    while "$ref" in shape:
        found: Any = document
        for part in shape["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        shape = found
    return shape


def example_of(shape: Document, document: Document, depth: int = 0) -> Any:
    """A value that fits: what must be there, and what has an example of its own."""
    shape = resolved(shape, document)
    for key in ("example", "const", "default"):
        if key in shape and shape[key] not in (None, [], {}, ""):
            return shape[key]
    if shape.get("examples"):
        return shape["examples"][0]
    if shape.get("enum"):
        return shape["enum"][0]
    for key in ("oneOf", "anyOf", "allOf"):
        if key in shape:
            plain = [one for one in shape[key] if one.get("type") != "null"]
            return example_of(plain[0], document, depth)
    return _of_type(shape, document, depth)


def _of_type(shape: Document, document: Document, depth: int) -> Any:
    kind = shape.get("type", "object")
    if kind == "object":
        required = set(shape.get("required", ()))
        return {
            name: _likely(name, one, document) or example_of(one, document, depth + 1)
            for name, one in shape.get("properties", {}).items()
            if name in required or (depth < DEEP and resolved(one, document).get("examples"))
        }
    if kind == "array":
        needs_one = shape.get("minItems", 0) > 0 or depth < DEEP
        items = shape.get("items", {})
        return [example_of(items, document, depth + 1)] if needs_one and items else []
    return _plain(kind, shape)


def _likely(name: str, shape: Document, document: Document) -> Any:
    shape = resolved(shape, document)
    says_more = shape.get("examples") or shape.get("enum") or resolved(shape.get("items", {}), document).get("enum")
    return None if says_more else LIKELY.get(name)


def _plain(kind: str, shape: Document) -> Any:
    if kind == "string":
        text = FORMATS.get(shape.get("format", ""), "text".ljust(shape.get("minLength", 0), "."))
        tries = [text[: shape.get("maxLength", 100)], *TYPICAL]
        return next((one for one in tries if re.search(shape.get("pattern", ""), one)), text)
    return {"integer": shape.get("minimum", 1), "number": 1.5, "boolean": True}.get(kind)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _literal(value: Any) -> str:
    """As Python writes it, over several lines."""
    if isinstance(value, dict) and value:
        rows = [f"    {_json(name)}: {_indented(one)},\n" for name, one in value.items()]
        return "{\n" + "".join(rows) + "}"
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    return _json(value) if isinstance(value, str) else repr(value)


def _indented(value: Any) -> str:
    return _literal(value).replace("\n", "\n    ")
