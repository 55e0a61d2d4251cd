"""The API's own description: for machines, for people to read and to try, and as a collection of requests."""

from typing import Any

from flask import Response, make_response, render_template

from app.core import rest_changes
from app.core.access import public
from app.core.rest import ApiDoor
from app.core.web import Door
from app.platform.developers import describing, postman
from app.platform.oauth.docs_client import docs_client_id

door = ApiDoor("developers")


@door.get("/openapi.json")
@public
def document() -> Response:
    """The OpenAPI 3.1 document of this shop: its name, its address, every route."""
    return _file(describing.encoded())


@door.get("/postman.json")
@public
def collection() -> Response:
    """The same as a Postman collection, to keep."""
    response = _file(postman.encoded(describing.document()))
    response.headers["Content-Disposition"] = 'attachment; filename="postman.json"'
    return response


class DocsDoor(Door):
    """The pages beside the API: they live above /api/v1, on the same surface."""

    surface = "api"


docs = DocsDoor("developers_docs", prefix="/api")


@docs.get("/docs")
@public
def reference() -> Response:
    """The description for people, to read and to try."""
    return _page("developers/api/reference.html", refusals=describing.refusals(), docs_client=docs_client_id())


@docs.get("/docs/signed-in")
@public
def signed_in() -> Response:
    """Where the shop's OAuth server sends a person back to; a script hands the code to the page that asked."""
    return _page("developers/api/signed_in.html")


@docs.get("/changelog")
@public
def changelog() -> Response:
    """What changed, and which routes will go when."""
    days: dict[Any, list[rest_changes.Entry]] = {}
    for entry in rest_changes.ENTRIES:
        days.setdefault(entry.day, []).append(entry)
    return _page("developers/api/changelog.html", days=days, leaving=describing.leaving())


def _page(template: str, **values: Any) -> Response:
    return make_response(render_template(template, **values))


def _file(content: bytes) -> Response:
    response = make_response(content)
    response.mimetype = "application/json"
    return response
