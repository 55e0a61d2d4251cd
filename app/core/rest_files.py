"""Files over the API: uploads as multipart/form-data, and answers that are no JSON."""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from flask import Response, make_response, request
from werkzeug.datastructures import FileStorage

from app.core.errors import DomainError
from app.core.forms import Reader
from app.core.i18n import mark

View = TypeVar("View", bound=Callable[..., Any])
KIND = "multipart/form-data"


class NotAnUpload(DomainError):
    """A file that came as something else than a form."""

    code, message, status = "not_an_upload", mark("Send the file as multipart/form-data."), 415


def uploads(schema: type[Any]) -> Callable[[View], View]:
    """Read a form with a file into `schema` and pass it first. Unknown parts are refused."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def read(*args: Any, **kwargs: Any) -> Any:
            if request.mimetype != KIND:
                raise NotAnUpload
            request.get_data()  # kept, so that a key knows the same content again
            return view(Reader(request.form, request.files, strict=True).read(schema), *args, **kwargs)

        read.__uploads__ = schema  # type: ignore[attr-defined]  # read by the OpenAPI document
        return read  # type: ignore[return-value]

    return decorate


def gives(media_type: str) -> Callable[[View], View]:
    """Say of what kind the answer is, where it is no JSON."""

    def decorate(view: View) -> View:
        view.__gives__ = media_type  # type: ignore[attr-defined]  # read by the OpenAPI document
        return view

    return decorate


def file_response(content: str | bytes, media_type: str, name: str) -> Response:
    """A file to keep."""
    response = make_response(content)
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def request_body(schema: type[Any]) -> dict[str, Any]:
    """An upload as OpenAPI tells it."""
    fields = msgspec.structs.fields(schema)
    properties = {one.encode_name: _shape(one.type) for one in fields}
    shape = {
        "type": "object", "properties": properties, "required": [one.encode_name for one in fields if one.required],
        "additionalProperties": False,
    }  # fmt: skip
    return {"required": True, "content": {KIND: {"schema": shape}}}


def _shape(annotation: Any) -> dict[str, Any]:
    if annotation is FileStorage or FileStorage in typing.get_args(annotation):
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    return msgspec.json.schema(annotation)
