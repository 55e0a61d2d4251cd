"""JSON doors: typed bodies in, typed answers out; core/rest_openapi.py documents them by the same decorators."""

from __future__ import annotations

import base64
import functools
import re
import typing
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec
from flask import Response, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.core import keyset, rest_changes, rest_keys, rest_matching, rest_names, rest_shape
from app.core.errors import DomainError, InvalidInput
from app.core.forms import MISSING, Reader
from app.core.i18n import gettext, mark
from app.core.web import Door

View = TypeVar("View", bound=Callable[..., Any])
Item = TypeVar("Item")
PREFIX = "/api/v1"
MAX_PAGE = 100
MAX_BODY = 2 * 1024 * 1024
matches = rest_matching.matches
Expansion = rest_shape.Expansion


class NotJson(DomainError):
    """A body of another kind."""

    code, message, status = "not_json", mark("Send the body as application/json."), 415


class ApiDoor(Door):
    """The routes of one room for programs, below /api/v1 on a tenant's host."""

    surface = "api"

    def __init__(self, room: str) -> None:
        super().__init__(room, prefix=PREFIX)

    def add_url_rule(self, rule: str, *arguments: Any, **options: Any) -> None:
        """Ids in the address are of the form that they have outside; anything else is 404, or another route."""
        typed = re.sub(r"<(\w+_id)>", lambda found: f"<public:{found[1]}>", rule)
        super().add_url_rule(typed, *arguments, **options)


class Page(msgspec.Struct, Generic[Item]):
    """A piece of a list; `next_cursor` opens the next piece and is null on the last."""

    data: list[Item]
    next_cursor: str | None = None


class Paging(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The query of every list: inherit and add filters."""

    limit: int = 25
    cursor: str | None = None

    def problems(self) -> dict[str, str]:
        """`limit` stays between 1 and 100; moments name their time zone."""
        found = {}
        if not 1 <= self.limit <= MAX_PAGE:
            found["limit"] = gettext("This must be between 1 and %(max_page)s.", max_page=MAX_PAGE)
        for name in keyset.MOMENTS:
            moment = getattr(self, name, None)
            if moment is not None and moment.tzinfo is None:
                found[name] = gettext("Name the time zone, as in 2026-11-22T00:00:00Z.")
        return found


class Dated(Paging, forbid_unknown_fields=True, kw_only=True):
    """The query of a list that grows: from a moment on, and before another one."""

    created_from: datetime | None = None
    created_before: datetime | None = None


class Logged(Dated, forbid_unknown_fields=True, kw_only=True):
    """The query of a log: newest first, or as it was written."""

    sort: Literal["-created_at", "created_at"] = "-created_at"


class Synced(Dated, forbid_unknown_fields=True, kw_only=True):
    """The query of a list whose rows change: whoever keeps a copy asks for what changed since they asked last."""

    updated_since: datetime | None = None
    updated_before: datetime | None = None


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
        parts = msgspec.json.decode(raw, type=tuple[types_])  # type: ignore[valid-type]  # built at run time
    except (ValueError, msgspec.MsgspecError, RecursionError) as problem:
        raise InvalidInput({"cursor": gettext("This cursor is not one of ours.")}) from problem
    if not all(keyset.is_kept(part) for part in parts):
        raise InvalidInput({"cursor": gettext("This cursor is not one of ours.")})
    return parts


def accepts(schema: type[Any], *, largest: int = MAX_BODY) -> Callable[[View], View]:
    """Decode the JSON body (or the query of a GET) into `schema` and pass it first. Unknown keys are refused.

    `largest` is the most bytes that a body may have.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def decoded(*args: Any, **kwargs: Any) -> Any:
            return view(_decode(schema, largest), *args, **kwargs)

        decoded.__accepts__ = schema  # type: ignore[attr-defined]  # read by core/rest_openapi.py
        return decoded  # type: ignore[return-value]

    return decorate


def returns(
    schema: Any,
    *,
    errors: tuple[type[DomainError], ...] = (),
    status: int = 200,
    expands: rest_shape.Expansions | None = None,
    changing: rest_changes.Change | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Encode what the view gives as JSON and document it.

    `expands` names relations that the answer may hold whole; `changing` says that the route is deprecated, and when
    it ends.
    """
    beside = {} if expands is None else expands  # rooms above may add to it later

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def encoded(*args: Any, **kwargs: Any) -> Response:
            _refuse_unknown(hasattr(view, "__accepts__"))
            shape = rest_shape.asked(schema, beside)

            def answer() -> Response:
                told = view(*args, **kwargs)
                return told if isinstance(told, Response) else _answer(told, status, shape)

            response = rest_keys.once(answer)
            return rest_changes.tell(response, changing) if changing else response

        encoded.__returns__ = (schema, status, errors)  # type: ignore[attr-defined]  # read by core/rest_openapi.py
        encoded.__expands__ = beside  # type: ignore[attr-defined]  # likewise
        encoded.__changes__ = changing  # type: ignore[attr-defined]  # likewise
        return encoded

    return decorate


def json_response(answer: Any, status: int = 200) -> Response:
    """Any msgspec-encodable value as an answer."""
    response = make_response(msgspec.json.encode(answer), status)
    response.mimetype = "application/json"
    return response


class _QueryReader(Reader):
    """A query is read like a form, but yes is `true` and no is `false`."""

    def _field(self, annotation: Any, kind: Any, name: str, required: bool) -> Any:
        """What a form leaves empty was not filled in; a program that sends `limit=` means something else."""
        plain = kind[0]
        if self.values.get(name) == "" and plain is not str and "" not in typing.get_args(plain):
            return self._fail(name, mark("Please fill this in."))
        return super()._field(annotation, kind, name, required)

    def _tick(self, name: str, required: bool) -> Any:
        if name not in self.values:
            return self._fail(name, mark("Please fill this in.")) if required else MISSING
        said = self.values[name].strip().lower()
        if said not in {"true", "false", "1", "0"}:
            return self._fail(name, gettext("This must be true or false."))
        return said in {"true", "1"}


def _refuse_unknown(reads_query: bool) -> None:
    """A parameter that nobody reads is a mistake of the program: it would wait for what never comes."""
    if request.args and not (reads_query and request.method in {"GET", "HEAD"}):
        known = {rest_shape.FIELDS, rest_shape.EXPAND} if request.method in {"GET", "HEAD"} else set()
        unknown = sorted(set(request.args) - known)
        if unknown:
            raise InvalidInput({unknown[0][:100]: gettext("There is no parameter of this name here.")})


def _decode(schema: type[Any], largest: int) -> Any:
    if request.method in {"GET", "HEAD"}:
        return _QueryReader(rest_shape.without(request.args), request.files, strict=True).read(schema)
    body = _body(largest)
    command = _checked(lambda: msgspec.json.decode(body, type=schema))
    twice = rest_names.twice(body)
    if twice:
        raise InvalidInput({twice: gettext("This name stands twice in its object.")})
    return command


def checked(value: Any, schema: Any, below: str) -> Any:
    """A command out of a part of a body; what is wrong is said of the fields `below` this place."""
    try:
        return _checked(lambda: msgspec.convert(value, schema))
    except InvalidInput as refusal:
        places = {f"{below}.{field}".rstrip("."): said for field, said in refusal.errors.items()}
        raise InvalidInput(places) from refusal


def _checked(read: Callable[[], Any]) -> Any:
    """The command, or a sentence for its first wrong field."""
    try:
        command = read()
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


def _body(largest: int) -> bytes:
    """What was sent: JSON, not too much of it, and no character that the database cannot keep."""
    if request.mimetype not in {"", "application/json"} and not request.mimetype.endswith("+json"):
        raise NotJson
    if (request.content_length or 0) > largest:
        raise RequestEntityTooLarge
    body = request.get_data()
    if len(body) > largest:
        raise RequestEntityTooLarge
    if b"\\u0000" in body:
        raise InvalidInput({"": gettext("The body holds a character that no text has.")})
    return body


def _answer(told: Any, status: int, shape: rest_shape.Shape) -> Response:
    response = json_response(told if shape.is_plain else shape.applied(told), status)
    is_one_thing = status < 300 and isinstance(told, msgspec.Struct) and not isinstance(told, Page)
    return rest_matching.tag(response, told, is_whole=not shape.expanded) if is_one_thing else response
