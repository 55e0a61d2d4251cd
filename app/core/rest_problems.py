"""The refusals of the API in its OpenAPI document: one schema for each `code`, and the codes of each route."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from app.core import access, rest_files, rest_keys, rest_matching
from app.core.errors import DomainError, Forbidden, InvalidInput, NotFound, NotSignedIn, PlanLimitReached
from app.core.lifecycle import ShopClosed
from app.core.rest import NotJson
from app.core.rest_limits import RateLimited

Codes = dict[int, dict[str, str]]
JSON = "application/problem+json"


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
    which: str | None = None
    limit: int | None = None
    used: int | None = None


class Unreadable(DomainError):
    """What the server in front, or Werkzeug, could not read."""

    code, message, status = "bad_request", "This request could not be read.", 400


class TooLarge(DomainError):
    """A body beyond the limit."""

    code, message, status = "too_large", "This is too large. Please send less at once.", 413


class Unavailable(DomainError):
    """A part that the shop needs does not answer."""

    code, message, status = "unavailable", "This is not available for the moment. Please try again shortly.", 503


ALWAYS: tuple[type[DomainError], ...] = (InvalidInput, RateLimited, ShopClosed, Unavailable)
SIGNED = (NotSignedIn, Forbidden)
WRITES = (Unreadable, TooLarge, PlanLimitReached, rest_keys.BadKey, rest_keys.KeyInUse, rest_keys.KeyOfOtherContent)
MATCHES = (rest_matching.NeedsIfMatch, rest_matching.HasChanged)
SAID_TWICE = {401, 403, 404, 413, 415, 422, 428, 429, 503}
"""Statuses whose answers are alike in most routes: they stand once, below components."""


def codes_of(path: str, method: str, view: Any) -> Codes:
    """What this route may refuse: status -> code -> sentence."""
    found: list[type[DomainError]] = [*ALWAYS]
    found += SIGNED if view.__access__ != access.PUBLIC else ()
    found += WRITES if method != "get" else ()
    found += [NotFound] if "{" in path else []
    found += MATCHES if getattr(view, "__matches__", False) else ()
    if hasattr(view, "__uploads__"):
        found.append(rest_files.NotAnUpload)
    elif method != "get" and hasattr(view, "__accepts__"):
        found.append(NotJson)
    codes: Codes = {}
    for error in (*found, *view.__returns__[2]):
        sentence = re.sub(r"{\w+}", "…", error.message)
        codes.setdefault(error.status, {})[error.code] = sentence
    return dict(sorted(codes.items()))


def schema_name(code: str) -> str:
    """`not_found` -> `NotFoundProblem`."""
    return "".join(part.capitalize() for part in code.split("_")) + "Problem"


def schema_of(code: str, status: int, sentence: str) -> dict[str, Any]:
    """One refusal: the shape of every problem, with its own code and status."""
    example = {"type": f"/api/docs#{code}", "title": sentence, "status": status, "code": code}
    shape: dict[str, Any] = {
        "title": schema_name(code), "type": "object", "description": sentence,
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "description": "Leads to the description of this code."},
            "title": {"type": "string", "description": "The refusal in a sentence, in the reader's language."},
            "status": {"type": "integer", "enum": [status], "description": "The status of the answer."},
            "code": {"type": "string", "enum": [code], "description": "Stays the same for ever."},
        },
    }  # fmt: skip
    if code == InvalidInput.code:
        pointed = {"$ref": "#/components/schemas/Pointed"}
        sentences = {"type": "object", "additionalProperties": {"type": "string"}}
        shape["properties"]["errors"] = sentences | {"description": "Field -> what is wrong with it."}
        shape["properties"]["problems"] = {"type": "array", "items": pointed, "description": "Where each mistake is."}
        said = "This must be between 1 and 100."
        example |= {"errors": {"limit": said}, "problems": [{"parameter": "limit", "detail": said}]}
    return shape | {"examples": [example]}


def responses_of(codes: Codes, schemas: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The answers of a route that refuse; their schemas are added to `schemas`, those said often to `kept`."""
    found: dict[str, Any] = {}
    for status, sentences in codes.items():
        for code, sentence in sentences.items():
            schemas.setdefault(schema_name(code), schema_of(code, status, sentence))
        answer = _answer(status, sentences)
        if status in SAID_TWICE:
            name = "Or".join(schema_name(code).removesuffix("Problem") for code in sorted(sentences))
            kept.setdefault(name, answer)
            found[str(status)] = {"$ref": f"#/components/responses/{name}"}
        else:
            found[str(status)] = answer
    return found


def _answer(status: int, sentences: dict[str, str]) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/{schema_name(code)}"} for code in sorted(sentences)]
    headers = {
        401: {"WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}},
        429: {"Retry-After": {"$ref": "#/components/headers/Retry-After"}},
    }.get(status)
    told = {
        "description": " Or: ".join(sentences[code] for code in sorted(sentences)),
        "content": {JSON: {"schema": refs[0] if len(refs) == 1 else {"oneOf": refs}}},
    }
    return told | ({"headers": headers} if headers else {})
