"""The OpenAPI 3.1 document, made from the decorators of the API's routes."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec
from flask import current_app

from app.core import access, rest_keys, rest_matching
from app.core.rest import PREFIX, Paging


class Pointed(msgspec.Struct):
    """One mistake: `pointer` leads to it in the body (RFC 6901), `parameter` names it in the query."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(msgspec.Struct):
    """Why a request was refused (RFC 9457). `code` is stable; `title` is for people."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, str] | None = None
    problems: list[Pointed] | None = None


def openapi(title: str, server: str) -> dict[str, Any]:
    """The document of every API route of this installation, for one tenant's address."""
    operations = list(_operations())
    schemas = [Problem]
    for _, _, view in operations:
        schemas += [schema for schema in (_body_of(view), view.__returns__[0]) if schema is not None]
    unique = list({repr(schema): schema for schema in schemas}.values())
    shapes, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    shape_of = dict(zip(map(repr, unique), shapes, strict=True))
    paths: dict[str, Any] = {}
    for path, method, view in operations:
        paths.setdefault(path, {})[method] = _operation(path, method, view, shape_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0.0", "description": f"Everything that {title} can do, for programs."},
        "servers": [{"url": server}],
        "tags": [{"name": name, "description": f"Routes of {name}."} for name in sorted({_tag(p) for p in paths})],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "A key of this shop."}},
        },
    }


def _operations() -> Any:
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = current_app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and hasattr(view, "__returns__"):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield path, method.lower(), view


def _tag(path: str) -> str:
    return path.removeprefix(PREFIX).strip("/").split("/")[0]


def _body_of(view: Any) -> Any:
    schema = getattr(view, "__accepts__", None)
    return None if schema is None or issubclass(schema, Paging) else schema


def _operation(path: str, method: str, view: Any, shape_of: dict[str, Any]) -> dict[str, Any]:
    schema, status, errors = view.__returns__
    sentence, _, detail = inspect.cleandoc(view.__doc__ or "").partition("\n")
    refusals = {401: "No key, or a wrong one.", 403: "The key lacks the scope.", 422: "The input does not fit."}
    refusals |= {error.status: error.message for error in errors}
    if getattr(view, "__matches__", False):
        refusals |= {one.status: one.message for one in (rest_matching.NeedsIfMatch, rest_matching.HasChanged)}
    described: dict[str, Any] = {
        "operationId": f"{_tag(path)}_{view.__name__}",
        "tags": [_tag(path)],
        "summary": sentence.rstrip("."),
        "description": f"{sentence}{detail}\n\nScope: `{view.__access__}`.".replace("`public`", "none"),
        "parameters": _parameters(path, view) + _headers(method, view),
        "responses": {
            str(status): {"description": "Done.", "content": {"application/json": {"schema": shape_of[repr(schema)]}}},
            **{str(code): _refusal(text, shape_of) for code, text in sorted(refusals.items())},
        },
    }
    body = _body_of(view)
    if body is not None:
        described["requestBody"] = {
            "required": True, "content": {"application/json": {"schema": shape_of[repr(body)]}},
        }  # fmt: skip
    if view.__access__ == access.PUBLIC:
        described["security"] = []
    return described


def _refusal(sentence: str, shape_of: dict[str, Any]) -> dict[str, Any]:
    return {"description": sentence, "content": {"application/problem+json": {"schema": shape_of[repr(Problem)]}}}


def _parameters(path: str, view: Any) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    schema = getattr(view, "__accepts__", None)
    if schema is not None and issubclass(schema, Paging):
        for one in msgspec.structs.fields(schema):
            shape = msgspec.json.schema(one.type)
            found.append({"name": one.encode_name, "in": "query", "required": one.required, "schema": shape})
    return found


def _headers(method: str, view: Any) -> list[dict[str, Any]]:
    """What a write may, or must, send beside its body."""
    if method == "get":
        return []
    once = "Send the same key again to hear the first answer again, for 24 hours, without a second change."
    found: list[dict[str, Any]] = [
        {"name": rest_keys.HEADER, "in": "header", "required": False, "description": once,
         "schema": {"type": "string", "minLength": 1, "maxLength": rest_keys.LONGEST}},
    ]  # fmt: skip
    if getattr(view, "__matches__", False):
        seen = "The ETag of what you read; the change is refused when it has changed since."
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "description": seen, "schema": {"type": "string"}}
        )
    return found
