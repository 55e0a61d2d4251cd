"""The API's own description, and the page that shows it."""

from flask import Response, make_response, render_template

from app.core import isolation, rest, rest_openapi
from app.core.access import public
from app.core.rest import ApiDoor
from app.core.web import Door
from app.platform.tenancy.queries import current_shop

door = ApiDoor("developers")


@door.get("/openapi.json")
@public
def document() -> Response:
    """The OpenAPI 3.1 document of this shop: its name, its address, every route."""
    return rest.json_response(rest_openapi.openapi(f"{current_shop().name} API", isolation.tenant_url("")))


class DocsDoor(Door):
    """The page beside the API: it lives above /api/v1, on the same surface."""

    surface = "api"


docs = DocsDoor("developers_docs", prefix="/api/docs")


@docs.get("")
@public
def reference() -> Response:
    """The description for people, to read and to try."""
    return make_response(render_template("developers/api/reference.html"))
