"""Many writes in one request: each by the rules of its own route, with a result of its own.

`many()` hangs three routes beside the ones that write one thing. Up to 100 operations are answered at once (207), each
in a savepoint: what is refused leaves no trace and stops no other. More of them, or `Prefer: respond-async`, are kept
and done by the worker (202, with the address where to look), as the program that asked and with what it may by then.
"""

from __future__ import annotations

import functools
import inspect
import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, cast

import msgspec
from flask import Response, request
from msgspec import Meta, Struct
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from app.core import access, bearers, db, ids, isolation, login, rest, rest_batches, rest_limits, rest_matching
from app.core.access import current_actor
from app.core.errors import DomainError, Forbidden, InvalidInput, NotFound
from app.core.i18n import gettext, mark
from app.core.rest_batches import ApiBatch, ApiBatchRow
from app.core.rest_matching import HasChanged, NeedsIfMatch

log = logging.getLogger("app.bulk")
AT_ONCE, MOST = 100, 5_000
LARGEST = 16 * 1024 * 1024
BATCH = "batch"


class Failed(DomainError):
    """Our mistake, in one operation; the others go on."""

    code, status = "internal_error", 500
    message = mark("Something went wrong on our side. Nothing was changed.")


class Operation(Struct, forbid_unknown_fields=True):
    """One write: `body` is what the route for one thing takes. An update names the `id` and the ETag that was read."""

    method: Literal["create", "update"]
    body: dict[str, Any]
    id: Annotated[str, Meta(max_length=90)] | None = None
    if_match: Annotated[str, Meta(max_length=200)] | None = None


class Operations(Struct, forbid_unknown_fields=True):
    """Up to 5,000 writes, done in their order."""

    operations: Annotated[list[Operation], Meta(min_length=1, max_length=MOST)]


class Result(Struct):
    """What became of one operation: the thing and its ETag, or the problem. `index` counts from 0."""

    index: int
    status: int
    etag: str | None = None
    body: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class Results(Struct):
    """One result for each operation, in their order."""

    done: int
    refused: int
    results: list[Result]


class BatchOut(Struct):
    """A large write: waiting, running or finished. Its results are kept for seven days."""

    id: str
    state: str
    total: int
    done: int
    refused: int
    created_at: datetime
    finished_at: datetime | None
    results_url: str


@dataclass(frozen=True)
class Way:
    """How one method is done: the bare view of its route, and what that route asks for."""

    view: Callable[..., Any]
    permission: str
    schema: Any
    status: int
    variable: str = ""
    locked: Callable[..., Any] | None = None

    @classmethod
    def of(cls, route: Any) -> Way:
        """Read off a route with @requires, @returns and @accepts; an update has one variable in its address."""
        bare = inspect.unwrap(route)
        named = list(inspect.signature(bare).parameters)[1:]
        locked = getattr(route, "__locked__", None)
        return cls(bare, route.__access__, route.__accepts__, route.__returns__[1], (named or [""])[0], locked)


@dataclass(frozen=True)
class Resource:
    """What can be written many at a time."""

    path: str
    ways: dict[str, Way]

    @property
    def permission(self) -> str:
        """What the routes for many need; each operation needs its own besides."""
        return next(iter(self.ways.values())).permission


_resources: dict[str, Resource] = {}


def resource_at(path: str) -> Resource:
    """What a batch writes to."""
    return _resources[path]


def many(door: Any, path: str, *, create: Any = None, update: Any = None) -> None:
    """Hang `POST {path}/bulk`, `GET {path}/bulk/<batch_id>` and its results on a door, beside the routes named."""
    ways = {name: Way.of(route) for name, route in (("create", create), ("update", update)) if route is not None}
    resource = _resources[path] = Resource(path, ways)
    name, does = path.strip("/").replace("/", "_").replace("-", "_"), " or ".join(ways)

    def write(body: Operations) -> Response:
        is_large = len(body.operations) > AT_ONCE
        return _keep(resource, body) if is_large or _prefers_waiting() else _at_once(resource, body)

    def show(batch_id: str) -> BatchOut:
        return _out(resource, _mine(resource, batch_id))

    def results(query: rest.Paging, batch_id: str) -> rest.Page[Result]:
        return _results(_mine(resource, batch_id), query)

    write.__doc__ = (
        f"Do many writes at once: {does}, up to {AT_ONCE} answered with a result each, up to {MOST} in the background."
        "\n\nEach is done by the rules of the route for one. Send `Prefer: respond-async`, or more than"
        f" {AT_ONCE}, to get 202 and the address of the batch."
    )
    show.__doc__ = "Show how far a large write is."
    results.__doc__ = "List what became of each operation of a large write, in their order."
    gate = access.requires(resource.permission)
    routes: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
        ("POST", f"{path}/bulk", f"bulk_{name}",
         gate(_saying_where(rest.returns(Results, status=207)(rest.accepts(Operations, largest=LARGEST)(write))))),
        ("GET", f"{path}/bulk/<batch_id>", f"show_bulk_{name}",
         gate(rest.returns(BatchOut, errors=(NotFound,))(show))),
        ("GET", f"{path}/bulk/<batch_id>/results", f"list_bulk_{name}",
         gate(rest.returns(rest.Page[Result], errors=(NotFound,))(rest.accepts(rest.Paging)(results)))),
    )  # fmt: skip
    for method, rule, endpoint, view in routes:
        view.__name__ = endpoint
        if method == "POST":
            view.__later__ = (BatchOut,)  # type: ignore[attr-defined]  # read by core/rest_openapi.py
        door.add_url_rule(rule, endpoint, view, methods=[method])


def perform(resource: Resource, place: int, operation: Operation) -> Result:
    """Do one operation in a savepoint."""
    try:
        with db.session.begin_nested():
            told, status = _written(resource, operation)
            db.flush()
    except DomainError as refusal:
        return Result(place, refusal.status, problem=_problem(refusal))
    except OperationalError:
        raise
    except Exception:
        log.exception("an operation on %s failed", resource.path)
        return Result(place, 500, problem=_problem(Failed()))
    body = msgspec.json.decode(msgspec.json.encode(told))
    return Result(place, status, etag=rest_matching.etag_of(told), body=body)


def _written(resource: Resource, operation: Operation) -> tuple[Any, int]:
    way = resource.ways.get(operation.method)
    if way is None:
        raise InvalidInput({"method": gettext("This cannot be done here.")})
    if not access.may(way.permission):
        raise Forbidden
    body = rest.checked(operation.body, way.schema, "body")
    if not way.variable:
        return way.view(body), way.status
    if not operation.id:
        raise InvalidInput({"id": gettext("Please fill this in.")})
    address = {way.variable: operation.id}
    if way.locked is not None:
        now = rest_matching.etag_of(way.locked(**address))
        if not operation.if_match:
            raise NeedsIfMatch
        if operation.if_match not in {"*", now}:
            raise HasChanged
    return way.view(body, **address), way.status


def _problem(refusal: DomainError) -> dict[str, Any]:
    """The same words as of the route for one; pointers lead into the operation."""
    told: dict[str, Any] = {
        "type": f"/api/docs#{refusal.code}", "title": refusal.sentence, "status": refusal.status, "code": refusal.code,
    }  # fmt: skip
    if isinstance(refusal, InvalidInput):
        places = {field: re.sub(r"[.\[\]]+", "/", f".{field}").rstrip("/") for field in refusal.errors}
        problems = [{"pointer": places[field], "detail": said} for field, said in refusal.errors.items()]
        told |= {"errors": refusal.errors, "problems": problems}
    return told


def _prefers_waiting() -> bool:
    return any(one.strip().lower() == "respond-async" for one in request.headers.get("Prefer", "").split(","))


def _at_once(resource: Resource, body: Operations) -> Response:
    rest_limits.charge(len(body.operations) // 10)
    results = [perform(resource, place, one) for place, one in enumerate(body.operations)]
    refused = sum(one.status >= 400 for one in results)
    return rest.json_response(Results(len(results) - refused, refused, results), 207)


def _keep(resource: Resource, body: Operations) -> Response:
    """Write down what is wanted; the worker begins when this commits."""
    rest_limits.charge(len(body.operations) // 100)
    words = bearers.words_of(login.bearer_token() or "")
    batch = ApiBatch(
        program_id=cast(uuid.UUID, current_actor().id), program=words, resource=resource.path,
        total=len(body.operations),
    )  # fmt: skip
    db.add(batch)
    db.flush()
    tenant = isolation.tenant_id()
    db.session.execute(insert(ApiBatchRow), [
        {"tenant_id": tenant, "batch_id": batch.id, "place": place, "operation": msgspec.json.encode(one).decode(),
         "status": 0, "answer": ""}
        for place, one in enumerate(body.operations)
    ])  # fmt: skip
    _begin[0](batch.id)
    told = _out(resource, batch)
    return rest.json_response(told, 202)


def _saying_where(view: Callable[..., Response]) -> Callable[..., Response]:
    """Say in the headers where a large write is, also when its answer is one that was kept (core/rest_keys.py)."""

    @functools.wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        response = view(*args, **kwargs)
        if response.status_code == 202:
            told = msgspec.json.decode(response.get_data(), type=BatchOut)
            response.headers["Location"] = told.results_url.removesuffix("/results")
            response.headers["Preference-Applied"] = "respond-async"
        return response

    return answered


_begin: list[Callable[[uuid.UUID], None]] = []


def _mine(resource: Resource, batch_id: str) -> ApiBatch:
    return rest_batches.batch_of(current_actor().id, resource.path, ids.from_public(BATCH, batch_id))


def _out(resource: Resource, batch: ApiBatch) -> BatchOut:
    public = ids.to_public(BATCH, batch.id)
    url = isolation.tenant_url(f"{rest.PREFIX}{resource.path}/bulk/{public}/results")
    return BatchOut(
        public, batch.state, batch.total, batch.done, batch.refused, batch.created_at, batch.finished_at, url
    )


def _results(batch: ApiBatch, query: rest.Paging) -> rest.Page[Result]:
    first = rest.read_cursor(query.cursor, int)[0] if query.cursor else 0
    rows = rest_batches.answered_rows(batch.id, first, batch.done + batch.refused, query.limit + 1)
    shown = rows[: query.limit]
    cursor = rest.cursor_of(shown[-1].place + 1) if len(rows) > query.limit else None
    return rest.page_of([msgspec.json.decode(row.answer, type=Result) for row in shown], cursor)
