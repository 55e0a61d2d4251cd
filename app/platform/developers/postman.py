"""The API's document as a Postman collection (format 2.1): a folder for each tag, a request for each operation."""

from __future__ import annotations

import json
import re

import msgspec

from app.platform.developers.samples import WRITE_ONCE, Document, Request, resolved

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def encoded(document: Document) -> bytes:
    """The collection, written down."""
    return msgspec.json.encode(collection(document))


def collection(document: Document) -> Document:
    """Whoever imports it fills in `key` and can send every request."""
    folders: dict[str, Document] = {
        tag["name"]: {"name": tag["name"], "description": tag["description"], "item": []} for tag in document["tags"]
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            folders[operation["tags"][0]]["item"].append(_item(document, path, method, operation))
    info = document["info"]
    return {
        "info": {"name": info["title"], "description": info["description"], "schema": SCHEMA},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{key}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": document["servers"][0]["url"], "type": "string"},
            {"key": "key", "value": "", "type": "string"},
        ],
        "item": list(folders.values()),
    }


def _item(document: Document, path: str, method: str, operation: Document) -> Document:
    body = operation.get("requestBody", {}).get("content", {})
    example = body.get("application/json", {}).get("example")
    asked = Request(document, method, path, operation, example)
    request: Document = {
        "method": asked.method, "description": operation["description"],
        "header": [{"key": name, "value": value} for name, value in _headers(asked).items()],
        "url": _url(document, path, operation),
    }  # fmt: skip
    if example is not None:
        text = json.dumps(example, indent=2, ensure_ascii=False)
        request["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    if asked.upload:
        request["body"] = {"mode": "formdata", "formdata": [{"key": "file", "type": "file", "src": []}]}
    if not operation.get("security"):
        request["auth"] = {"type": "noauth"}
    return {"name": operation["summary"], "request": request, "response": []}


def _headers(asked: Request) -> dict[str, str]:
    found = {name: value for name, value in asked.headers.items() if name != "Authorization"}
    found |= {WRITE_ONCE: "{{$guid}}"} if WRITE_ONCE in found else {}
    return found | ({"Content-Type": "application/json"} if asked.body is not None else {})


def _url(document: Document, path: str, operation: Document) -> Document:
    parameters = [resolved(one, document) for one in operation["parameters"]]
    plain = re.sub(r"{(\w+)}", r":\1", path)
    return {
        "raw": "{{baseUrl}}" + plain,
        "host": ["{{baseUrl}}"],
        "path": plain.strip("/").split("/"),
        "query": [
            {"key": one["name"], "value": "", "description": one["description"], "disabled": True}
            for one in parameters
            if one["in"] == "query"
        ],
        "variable": [
            {"key": one["name"], "value": str(one["example"]), "description": one["description"]}
            for one in parameters
            if one["in"] == "path"
        ],
    }
