"""What the API's document says beside its routes: how to begin, what the fields mean, whose API it is."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import msgspec
from flask import current_app

from app.core import access, isolation, rest_openapi
from app.core.rest import PREFIX
from app.core.rest_openapi import About
from app.platform.developers import samples
from app.platform.developers.words import FILTERS, TAGS, WORDS
from app.platform.tenancy.queries import current_shop

SOMEWHERE = "https://shop.invalid"
INTRODUCTION = """\
Everything that the back office of {name} can do, for programs.

**Sign in.** Send `Authorization: Bearer …` with a key from the developers' page of the back office, or with an access
token of an app (OAuth 2: authorization code with PKCE for people, client credentials for programs alone). A scope that
is missing answers 403.

**Amounts** are integers in minor units of their `currency`: 1250 is 12.50. **Times** are RFC 3339 in UTC. **Ids** tell
of what kind a thing is: `prod_…`, `ord_…`.

**Lists** come in pieces of `limit` items. Send `next_cursor` back as `cursor` for the next piece, until it is null.

**Writes** take an `Idempotency-Key`: repeat a request after a broken line with the same key, and it is done once.
The first answer is given again for 24 hours; while it is being made the key answers 409, with other content 422. What
was refused is not kept: correct it and send it under the same key.
A change of a thing needs its `ETag` in `If-Match`, so that nobody overwrites what somebody else did meanwhile.

**Refusals** are problem+json. `code` is stable, `problems` points to each field that does not fit.

**Limits** hold for each program, and for all of the shop together. `RateLimit` and `RateLimit-Policy` say what is left
in every answer to a known program, refusals too; 401 knows no program and says nothing. 429 names the seconds in
`Retry-After`.
"""


def document() -> dict[str, Any]:
    """The document of the entered shop."""
    read: dict[str, Any] = msgspec.json.decode(encoded())
    return read


def encoded() -> bytes:
    """The same, written down."""
    shop, server = current_shop(), isolation.tenant_url("")
    parts = msgspec.json.decode(_for_everybody().replace(SOMEWHERE, server), type=dict[str, msgspec.Raw])
    parts["info"] = msgspec.Raw(msgspec.json.encode(_info(shop.name, server, shop.contact_email)))
    return msgspec.json.encode(parts)


@cache
def _for_everybody() -> str:
    """The document with a stand-in for the address. Routes do not change while a process lives: it is made once."""
    about = About("", SOMEWHERE, scopes=_scopes(), tags=TAGS, words=WORDS, filters=FILTERS)
    made = rest_openapi.openapi(about)
    samples.add(made)
    return msgspec.json.encode(made).decode()


def refusals() -> list[dict[str, Any]]:
    """Each code that the API refuses with: code, status and sentence, for the page that explains them."""
    schemas = document()["components"]["schemas"]
    examples = [one["examples"][0] for name, one in schemas.items() if name.endswith("Problem") and "examples" in one]
    return sorted(examples, key=lambda one: str(one["code"]))


def leaving() -> list[dict[str, Any]]:
    """Routes that are deprecated, with the change that says since when and until when; who goes first stands first."""
    found = [
        {"method": method.upper(), "path": path, "change": view.__changes__}
        for path, method, view in rest_openapi.operations()
        if getattr(view, "__changes__", None) is not None
    ]
    return sorted(found, key=lambda one: (one["change"].ends or date.max, one["path"]))


def _info(name: str, server: str, email: str) -> dict[str, Any]:
    """Whose API it is."""
    return {
        "title": f"{name} API", "version": "1.0.0", "description": INTRODUCTION.format(name=name),
        "contact": {"name": name, "url": f"{server}/"} | ({"email": email} if email else {}),
        "license": {"name": f"Terms of {name}", "url": f"{server}/"},
    }  # fmt: skip


def _scopes() -> dict[str, str]:
    """The scopes that some route asks for, with their sentences."""
    sentences = access.catalogue_of_permissions()
    asked = {
        getattr(current_app.view_functions[rule.endpoint], "__access__", access.PUBLIC)
        for rule in current_app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
    }
    return {name: sentences[name] for name in sorted(asked & set(sentences))}
