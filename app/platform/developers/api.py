"""The API's own description, and the page that shows it."""

from flask import Response, make_response, render_template

from app.core.access import public
from app.core.rest import ApiDoor
from app.core.web import Door
from app.platform.developers import describing

door = ApiDoor("developers")


@door.get("/openapi.json")
@public
def document() -> Response:
    """The OpenAPI 3.1 document of this shop: its name, its address, every route."""
    response = make_response(describing.encoded())
    response.mimetype = "application/json"
    return response


class DocsDoor(Door):
    """The page beside the API: it lives above /api/v1, on the same surface."""

    surface = "api"


docs = DocsDoor("developers_docs", prefix="/api/docs")


@docs.get("")
@public
def reference() -> Response:
    """The description for people, to read and to try."""
    return make_response(render_template("developers/api/reference.html"))
