"""JSON doors: typed bodies in, typed answers out, and the OpenAPI document made from the same decorators."""

from __future__ import annotations

import base64
import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from flask import Response, current_app, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import access, rest_keys, rest_matching
from app.core.errors import DomainError, InvalidInput
from app.core.forms import Reader
from app.core.i18n import gettext, mark
from app.core.web import Door

View = TypeVar("View", bound=Callable[..., Any])
Item = TypeVar("Item")
PREFIX = "/api/v1"
MAX_PAGE = 100
MAX_BODY = 2 * 1024 * 1024
matches = rest_matching.matches


class NotJson(DomainError):
    """A body of another kind."""

    code, message, status = "not_json", mark("Send the body as application/json."), 415


class ApiDoor(Door):
    """The routes of one room for programs, below /api/v1 on a tenant's host."""

    surface = "api"

    def __init__(self, room: str) -> None:
        super().__init__(room, prefix=PREFIX)


class Page(msgspec.Struct, Generic[Item]):
    """A piece of a list; `next_cursor` opens the next piece and is null on the last."""

    data: list[Item]
    next_cursor: str | None = None


class Paging(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The query of every list: inherit and add filters."""

    limit: int = 25
    cursor: str | None = None

    def problems(self) -> dict[str, str]:
        """`limit` stays between 1 and 100."""
        return (
            {}
            if 1 <= self.limit <= MAX_PAGE
            else {"limit": gettext("This must be between 1 and %(max_page)s.", max_page=MAX_PAGE)}
        )


def page_of(items: Sequence[Any], next_cursor: str | None) -> Page[Any]:
    """A page out of what the query gave."""
    return Page(list(items), next_cursor)


def cursor_of(*parts: Any) -> str:
    """An opaque cursor out of the sort key of the last item."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def read_cursor(cursor: str, *types_: type[Any]) -> tuple[Any, ...]:
    """The sort key in a cursor; raises InvalidInput for one that we did not make."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=tuple[types_])  # type: ignore[valid-type]  # built at run time
    except (ValueError, msgspec.MsgspecError) as problem:
        raise InvalidInput({"cursor": gettext("This cursor is not one of ours.")}) from problem


def accepts(schema: type[Any]) -> Callable[[View], View]:
    """Decode the JSON body (or the query of a GET) into `schema` and pass it first. Unknown keys are refused."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def decoded(*args: Any, **kwargs: Any) -> Any:
            return view(_decode(schema), *args, **kwargs)

        decoded.__accepts__ = schema  # type: ignore[attr-defined]  # read by openapi()
        return decoded  # type: ignore[return-value]

    return decorate


def returns(
    schema: Any, *, errors: tuple[type[DomainError], ...] = (), status: int = 200
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Encode what the view gives as JSON and document it."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def encoded(*args: Any, **kwargs: Any) -> Response:
            def answer() -> Response:
                told = view(*args, **kwargs)
                return told if isinstance(told, Response) else _answer(told, status)

            return rest_keys.once(answer)

        encoded.__returns__ = (schema, status, errors)  # type: ignore[attr-defined]  # read by openapi()
        return encoded

    return decorate


def json_response(answer: Any, status: int = 200) -> Response:
    """Any msgspec-encodable value as an answer."""
    response = make_response(msgspec.json.encode(answer), status)
    response.mimetype = "application/json"
    return response


def _decode(schema: type[Any]) -> Any:
    if request.method in {"GET", "HEAD"}:
        return Reader(request.args, request.files, strict=True).read(schema)
    try:
        command = msgspec.json.decode(_body(), type=schema)
    except msgspec.ValidationError as problem:
        path = re.search(r"at `\$\.?([^`]*)`", str(problem))
        raise InvalidInput({path[1] if path else "": str(problem).split(" - at ")[0]}) from problem
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InvalidInput({"": gettext("The body is not valid JSON.")}) from problem
    check = getattr(command, "problems", None)
    found = check() if check else {}
    if found:
        raise InvalidInput(found)
    return command


def _body() -> bytes:
    """What was sent: JSON, not too much of it, and no character that the database cannot keep."""
    if request.mimetype not in {"", "application/json"} and not request.mimetype.endswith("+json"):
        raise NotJson
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    body = request.get_data()
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge
    if b"\\u0000" in body:
        raise InvalidInput({"": gettext("The body holds a character that no text has.")})
    return body


def _answer(told: Any, status: int) -> Response:
    response = json_response(told, status)
    is_one_thing = status < 300 and isinstance(told, msgspec.Struct) and not isinstance(told, Page)
    return rest_matching.tag(response, told) if is_one_thing else response


# --- OpenAPI 3.1 ---------------------------------------------------------------------------------------------------


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
