"""JSON doors: typed bodies in, typed answers out; core/rest_openapi.py documents them by the same decorators."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from flask import Response, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import rest_keys, rest_matching
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

        decoded.__accepts__ = schema  # type: ignore[attr-defined]  # read by core/rest_openapi.py
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

        encoded.__returns__ = (schema, status, errors)  # type: ignore[attr-defined]  # read by core/rest_openapi.py
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
