"""The OpenAPI 3.1 document, made from the decorators of the API's routes."""

from __future__ import annotations

import inspect
import re
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import current_app

from app.core import access, ids, rest_files, rest_keys, rest_problems
from app.core.rest import MAX_PAGE, PREFIX, Page

ETAG, AGAIN = "#/components/headers/ETag", "#/components/headers/Idempotency-Replayed"
LIMITS = {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit", "RateLimit-Policy")}
TAIL = "01h455vb4pex5vsknk084sn02q"
"""The end of every id in examples; what stands before it says of what kind the thing is."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT.*Z")


@dataclass(frozen=True)
class About:
    """What a document says beside its routes: whose API it is, and what the words mean."""

    title: str
    server: str
    scopes: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """Field -> what it is, and an example of it."""
    filters: dict[str, str] = field(default_factory=dict)
    """Parameter of a query -> what it does."""


def openapi(about: About) -> dict[str, Any]:
    """The document of every API route of this installation, for one tenant's address."""
    every = list(operations())
    schemas: list[Any] = [rest_problems.Pointed]
    for _, method, view in every:
        asked = (_body_of(view, method), view.__returns__[0], *getattr(view, "__later__", ()))
        schemas += [schema for schema in asked if schema is not None]
        schemas += [expansion.schema for expansion in _expansions(view).values()]
    unique = list({repr(schema): schema for schema in schemas}.values())
    shapes, found = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    shapes, found = _with_short_names(shapes, found)
    kept = _Kept(dict(zip(map(repr, unique), shapes, strict=True)), found, about)
    names = Counter(view.__name__ for _, _, view in every)
    paths: dict[str, Any] = {}
    tags = sorted({_tag(path) for path, _, _ in every})
    for path, method, view in every:
        name = view.__name__ if names[view.__name__] == 1 else f"{view.__name__}_of_{_tag(path)}".replace("-", "_")
        paths.setdefault(path, {})[method] = _operation(kept, path, method, view) | {"operationId": name}
    for name, shape in kept.schemas.items():
        _explain(name, shape, about.words)
    return {
        "openapi": "3.1.0",
        "info": {"title": about.title, "version": "1.0.0"},
        "servers": [{"url": about.server, "description": "This shop."}],
        "tags": [{"name": tag, "description": _about_tag(tag, about)} for tag in tags],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(kept.schemas.items())), "responses": dict(sorted(kept.responses.items())),
            "parameters": _shared_parameters(), "headers": _shared_headers(), "securitySchemes": _security(about),
        },
    }  # fmt: skip


def _with_short_names(shapes: Any, found: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """`Page_ProductOut_` -> `PageOfProductOut`; of two schemas of one name, `CatalogManyChanged`."""

    def short(name: str) -> str:
        name = re.sub(r"app\.\w+\.(\w+)\.(?:\w+\.)*(\w+)", lambda parts: parts[1].title() + parts[2], name)
        return re.sub(r"\W", "", re.sub(r"(\w+?)_(.+)_", r"\1Of\2", name))

    def renamed(text: bytes) -> Any:
        told = re.sub(r'(?<="#/components/schemas/)[^"]+', lambda ref: short(ref[0]), text.decode())
        return msgspec.json.decode(told)

    schemas = renamed(msgspec.json.encode(found))
    return renamed(msgspec.json.encode(shapes)), {
        short(name): shape | {"title": short(name)} for name, shape in schemas.items()
    }


@dataclass
class _Kept:
    """What is gathered while the operations are written."""

    shape_of: dict[str, Any]
    schemas: dict[str, Any]
    about: About
    responses: dict[str, Any] = field(default_factory=dict)


def operations() -> Iterator[tuple[str, str, Any]]:
    """Each route of the API: its path as OpenAPI writes it, its method, its view."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = current_app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and hasattr(view, "__returns__"):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield path, method.lower(), view


def _tag(path: str) -> str:
    return path.removeprefix(PREFIX).strip("/").split("/")[0]


def _about_tag(tag: str, about: About) -> str:
    return about.tags.get(tag) or f"Everything about {tag.replace('-', ' ')}."


def _body_of(view: Any, method: str) -> Any:
    return None if method == "get" else getattr(view, "__accepts__", None)


def _is_page(schema: Any) -> bool:
    return schema is Page or typing.get_origin(schema) is Page


def _operation(kept: _Kept, path: str, method: str, view: Any) -> dict[str, Any]:
    sentence, _, detail = inspect.cleandoc(view.__doc__ or "").partition("\n")
    scope = "none" if view.__access__ == access.PUBLIC else view.__access__
    described: dict[str, Any] = {
        "tags": [_tag(path)],
        "summary": sentence.rstrip("."),
        "description": f"{sentence}{detail}\n\nScope: `{scope}`.",
        "parameters": _parameters(kept, path, method, view),
    }
    body = _request_body(kept, view, method)
    if body is not None:
        described["requestBody"] = body
    codes = rest_problems.codes_of(path, method, view)
    described["responses"] = _answers(kept, method, view) | rest_problems.responses_of(
        codes, kept.schemas, kept.responses
    )
    described["security"] = [] if scope == "none" else [{"key": []}, {"oauth": [scope]}]
    return described | _changes(view)


def _changes(view: Any) -> dict[str, Any]:
    change = getattr(view, "__changes__", None)
    return {"deprecated": True} if change is not None and getattr(change, "deprecated", None) else {}


def _request_body(kept: _Kept, view: Any, method: str) -> dict[str, Any] | None:
    if hasattr(view, "__uploads__"):
        return rest_files.request_body(view.__uploads__)
    body = _body_of(view, method)
    if body is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": kept.shape_of[repr(body)]}}}


def _answers(kept: _Kept, method: str, view: Any) -> dict[str, Any]:
    schema, status, _ = view.__returns__
    headers: dict[str, Any] = dict(LIMITS)
    is_one_thing = schema is not None and not _is_page(schema) and not hasattr(view, "__gives__")
    if is_one_thing:
        headers["ETag"] = {"$ref": ETAG}
    if method != "get":
        headers["Idempotency-Replayed"] = {"$ref": AGAIN}
    answer: dict[str, Any] = {"description": _said(schema, status), "headers": headers}
    _add_relations(kept, view)
    if hasattr(view, "__gives__"):
        answer["content"] = {view.__gives__: {"schema": {"type": "string"}}}
    elif schema is not None:
        answer["content"] = {"application/json": {"schema": kept.shape_of[repr(schema)]}}
    found = {str(status): answer} | _later(kept, view)
    if is_one_thing and method == "get":
        found["304"] = {"description": "You have this state of it already.", "headers": {"ETag": {"$ref": ETAG}}}
    return found


def _later(kept: _Kept, view: Any) -> dict[str, Any]:
    """What is answered where the worker does it."""
    found: dict[str, Any] = {}
    for schema in getattr(view, "__later__", ()):
        found["202"] = {
            "description": "It waits for its turn.",
            "headers": dict(LIMITS) | {"Location": {"description": "Where it is.", "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": kept.shape_of[repr(schema)]}},
        }
    return found


def _expansions(view: Any) -> dict[str, Any]:
    return dict(getattr(view, "__expands__", None) or {})


def _add_relations(kept: _Kept, view: Any) -> None:
    """What an answer may hold whole stands among its fields, and is missing unless it was asked for."""
    schema = view.__returns__[0]
    item = typing.get_args(schema)[0] if _is_page(schema) else schema
    for name, expansion in _expansions(view).items():
        shape = kept.schemas.get(kept.shape_of.get(repr(item), {}).get("$ref", "").rpartition("/")[2])
        if shape is None or "." in name:
            continue
        told = kept.shape_of[repr(expansion.schema)]
        said = {"description": f"Only with `expand={name}`."}
        shape["properties"].setdefault(
            name, told | said if "type" in told else {"anyOf": [told, {"type": "null"}]} | said
        )


def _said(schema: Any, status: int) -> str:
    if status == 202:
        return "It is being worked on."
    if _is_page(schema):
        return "A piece of the list; `next_cursor` opens the next piece and is null on the last."
    return "It was made." if status == 201 else "Done." if schema is None else "The thing as it is now."


def _parameters(kept: _Kept, path: str, method: str, view: Any) -> list[dict[str, Any]]:
    found = [_in_path(name, kept.about) for name in re.findall(r"{(\w+)}", path)]
    schema = getattr(view, "__accepts__", None)
    if schema is not None and method == "get":
        found += [_in_query(one, kept.about) for one in msgspec.structs.fields(schema)]
    if method == "get" and view.__returns__[0] is not None and not hasattr(view, "__gives__"):
        found.append({"$ref": "#/components/parameters/Fields"})
        found += [_expand(names, kept.about)] if (names := list(_expansions(view))) else []
        found += [] if _is_page(view.__returns__[0]) else [{"$ref": "#/components/parameters/IfNoneMatch"}]
    if method != "get":
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if getattr(view, "__matches__", False):
        found.append({"$ref": "#/components/parameters/IfMatch"})
    if hasattr(view, "__later__"):
        said = "`respond-async` lets the worker do it (RFC 7240)."
        shape = {"type": "string", "maxLength": 200}
        found.append({"name": "Prefer", "in": "header", "required": False, "description": said, "schema": shape,
                      "example": "respond-async"})  # fmt: skip
    return found


def _in_path(name: str, about: About) -> dict[str, Any]:
    prefix = ids.PREFIXES.get(name)
    if prefix is None:
        sentence, example = about.words.get(name) or (f"The {name.replace('_', ' ')}.", None)
        example = example or "1001"
        shape: dict[str, Any] = {"type": "string", "minLength": 1}
    else:
        kind = name.removesuffix("_id").replace("_", " ")
        sentence, example = f"The id of the {kind}, as a list or another answer gave it.", f"{prefix}_{TAIL}"
        shape = {"type": "string", "pattern": f"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"}
    return {
        "name": name, "in": "path", "required": True, "description": sentence, "schema": shape, "example": example,
    }  # fmt: skip


def _expand(names: list[str], about: About) -> dict[str, Any]:
    return {
        "name": "expand", "in": "query", "required": False, "style": "form", "explode": False,
        "description": about.filters.get("expand", "Relations to show whole."),
        "schema": {"type": "array", "items": {"type": "string", "enum": sorted(names)}},
    }  # fmt: skip


def _in_query(one: Any, about: About) -> dict[str, Any]:
    shape = msgspec.json.schema(one.type)
    if one.encode_name == "limit":
        shape |= {"minimum": 1, "maximum": MAX_PAGE, "default": 25}
    said = shape.pop("description", None) or about.filters.get(one.encode_name)
    sentence = said or f"Only those with this {one.encode_name.removesuffix('_id').replace('_', ' ')}."
    return {"name": one.encode_name, "in": "query", "required": one.required, "description": sentence, "schema": shape}


def _shared_parameters() -> dict[str, Any]:
    once = "Send the same key again to hear the first answer again, for 24 hours, without a second change."
    seen = "The ETag of what you read; the change is refused when it has changed since."
    has = "An ETag that you have; the answer is 304 and empty while it is the newest."
    key = {"type": "string", "minLength": 1, "maxLength": rest_keys.LONGEST, "pattern": "^[ -~]+$"}
    etag = {"type": "string", "pattern": '^(\\*|(W/)?"[!-~]*")$'}
    only = "Only these fields of each thing, with commas between them, such as `id,title` or `id,variants.sku`."
    return {
        "Fields": {
            "name": "fields", "in": "query", "required": False, "description": only,
            "schema": {"type": "string", "maxLength": 2000},
        },
        "IdempotencyKey": _header_parameter(rest_keys.HEADER, once, key, "order-4711-first-try"),
        "IfMatch": _header_parameter("If-Match", seen, etag, '"3b0f64b5f6c2"') | {"required": True},
        "IfNoneMatch": _header_parameter("If-None-Match", has, {"type": "string"}, '"3b0f64b5f6c2"'),
    }  # fmt: skip


def _header_parameter(name: str, sentence: str, shape: dict[str, Any], example: str) -> dict[str, Any]:
    return {
        "name": name, "in": "header", "required": False, "description": sentence, "schema": shape, "example": example,
    }  # fmt: skip


def _shared_headers() -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": "integer"}
    told: tuple[tuple[str, str, dict[str, Any], Any], ...] = (
        ("ETag", "The state of the thing. Send it back in If-Match when you change it.", text, '"3b0f64b5f6c2"'),
        ("RateLimit", "How much is left, and in how many seconds it fills up.", text, '"program";r=598;t=42'),
        ("RateLimit-Policy", "How many requests fit into how many seconds.", text, '"program";q=600;w=60'),
        ("Retry-After", "How many seconds to wait.", number, 7),
        ("Idempotency-Replayed", "`true` when this is the answer to an earlier request.", text, "true"),
        ("WWW-Authenticate", "How to sign requests (RFC 6750).", text, "Bearer"),
    )
    return {
        name: {"description": sentence, "schema": shape, "example": example} for name, sentence, shape, example in told
    }


def _security(about: About) -> dict[str, Any]:
    token, scopes = f"{about.server}/oauth/token", about.scopes
    code = {"authorizationUrl": f"{about.server}/admin/oauth/authorize", "tokenUrl": token, "refreshUrl": token}
    return {
        "key": {"type": "http", "scheme": "bearer", "description": "A key of this shop, or an access token."},
        "oauth": {
            "type": "oauth2", "description": "OAuth 2 with PKCE for people, client credentials for programs alone.",
            "flows": {
                "authorizationCode": code | {"scopes": scopes},
                "clientCredentials": {"tokenUrl": token, "scopes": scopes},
            },
        },
    }  # fmt: skip


def _explain(name: str, shape: dict[str, Any], words: dict[str, tuple[str, Any]]) -> None:
    """Say beside each field what it is, and how it looks, where its schema does not."""
    for key, one in shape.get("properties", {}).items():
        if "$ref" in one:
            continue
        if one.get("type") == "array":
            one.setdefault("items", {})
        sentence, example = words.get(key) or (f"{one['title']}." if "title" in one else "", None)
        if key == "id":
            kind = ids.PREFIXES.get(re.sub(r"(?<!^)(?=[A-Z])", "_", re.sub("(Out|View)$", "", name)).lower() + "_id")
            sentence, example = "Its id; it never changes.", f"{kind}_{TAIL}" if kind else None
        elif key in ids.PREFIXES:
            sentence = sentence or f"The id of the {key.removesuffix('_id').replace('_', ' ')}."
            example = f"{ids.PREFIXES[key]}_{TAIL}"
        elif key.removesuffix("s") in ids.PREFIXES and "items" in one:
            one["items"].setdefault("examples", [f"{ids.PREFIXES[key.removesuffix('s')]}_{TAIL}"])
        if sentence:
            one.setdefault("description", sentence)
        if example is not None and _may_be(example, one):
            one.setdefault("examples", [example])


def _may_be(example: Any, shape: dict[str, Any]) -> bool:
    """Does this example fit the type of that field, which may be another one in another room?"""
    name = {str: "string", bool: "boolean", int: "integer"}[type(example)]
    return any(one.get("type") == name and _fits(example, one) for one in shape.get("anyOf", [shape]))


def _fits(example: Any, shape: dict[str, Any]) -> bool:
    if not isinstance(example, str):
        return bool(shape.get("minimum", example) <= example <= shape.get("maximum", example))
    is_long_enough = shape.get("minLength", 0) <= len(example) <= shape.get("maxLength", len(example))
    is_time = shape.get("format") in {None, "date-time"} and ("format" in shape) == bool(_TIME.fullmatch(example))
    return is_long_enough and is_time and "enum" not in shape and bool(re.search(shape.get("pattern", ""), example))
