"""ETag and If-Match: who changes a thing says which state of it they saw."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from flask import Response, request

from app.core.errors import DomainError
from app.core.i18n import mark

View = TypeVar("View", bound=Callable[..., Any])


class NeedsIfMatch(DomainError):
    """An update that does not say what it changes."""

    code, status = "precondition_required", 428
    message = mark("Send the ETag of what you read in If-Match, so that nobody's change is lost.")


class HasChanged(DomainError):
    """It is not what the program read."""

    code, status = "precondition_failed", 412
    message = mark("This was changed meanwhile. Read it again and repeat your change.")


def etag_of(answer: Any) -> str:
    """The state of a thing as it is answered."""
    return f'"{hashlib.sha256(msgspec.json.encode(answer)).hexdigest()[:32]}"'


def tag(response: Response, answer: Any, *, is_whole: bool = True) -> Response:
    """Name the state; a program that has it already gets 304 and no body.

    Not `is_whole`: the answer holds more than the thing itself, which may change while the thing stays as it is.
    """
    response.headers["ETag"] = etag_of(answer)
    if is_whole and request.method in {"GET", "HEAD"}:
        response.make_conditional(request)
    return response


def matches(locked: Callable[..., Any]) -> Callable[[View], View]:
    """Refuse a change without If-Match, and one to another state than it names.

    `locked` locks the thing, with the same variables of the route, and gives it as the API answers it: between the
    look and the change nobody else may come.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            now = etag_of(locked(**kwargs))  # what is not there is 404 first
            wanted = request.headers.get("If-Match")
            if not wanted:
                raise NeedsIfMatch
            if wanted.strip() != "*" and now not in {one.strip() for one in wanted.split(",")}:
                raise HasChanged
            return view(*args, **kwargs)

        guarded.__locked__ = locked  # type: ignore[attr-defined]  # read by core/rest_bulk.py
        guarded.__matches__ = True  # type: ignore[attr-defined]  # read by core/rest_openapi.py
        return guarded  # type: ignore[return-value]

    return decorate
