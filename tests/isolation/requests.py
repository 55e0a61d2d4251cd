"""A request for every route, with one shop's ids; a route that cannot be filled in is an error."""

from __future__ import annotations

import re
import typing
import uuid
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule

from app.core import ids
from app.core.forms import _unwrap
from tests.isolation.world import World

# Variable of a route -> table and column that it names. A longer key names the part of the path before it as well.
COLUMNS = {
    "batch_id": ("api_batch", "id"),
    "bulk_id": ("order_bulk", "id"),
    "band_id": ("home_section", "id"),
    "rate_id": ("shipping_rate", "id"),
    "subscriber_id": ("subscriber", "id"),
    "tax_id": ("tax_rate", "id"),
    "zone_id": ("shipping_zone", "id"),
    "address_id": ("customer_address", "id"),
    "app_id": ("oauth_client", "id"),
    "band_key": ("home_section", "id"),
    "collection_id": ("collection", "id"),
    "collections/handle": ("collection", "handle"),
    "customer_id": ("customer", "id"),
    "delivery_id": ("webhook_delivery", "id"),
    "endpoint_id": ("webhook_endpoint", "id"),
    "grant_id": ("oauth_grant", "id"),
    "image_id": ("product_image", "id"),
    "import_id": ("product_import", "id"),
    "invitation_id": ("staff_invitation", "id"),
    "key_id": ("api_key", "id"),
    "origin_id": ("api_origin", "id"),
    "line_id": ("cart_line", "id"),
    "message_id": ("outgoing_message", "id"),
    "number": ("order", "number"),
    "object_id": ("product", "id"),
    "order_id": ("order", "id"),
    "page_id": ("text_page", "id"),
    "pages/handle": ("text_page", "handle"),
    "passkey_id": ("staff_passkey", "id"),
    "payment_id": ("payment", "id"),
    "product_id": ("product", "id"),
    "products/handle": ("product", "handle"),
    "rates/rate": ("shipping_rate", "id"),
    "role_id": ("staff_role", "id"),
    "session_id": ("web_session", "id"),
    "support/session_id": ("support_session", "id"),
    "visit_id": ("support_session", "id"),
    "shop_id": ("shop", "tenant_id"),
    "staff_id": ("staff_member", "id"),
    "taxes/rate": ("tax_rate", "id"),
    "testpay/session": ("testpay_session", "id"),
    "variant_id": ("variant", "id"),
    "thing_id": ("product", "id"),
    "step_id": ("undo_step", "id"),
    "view_id": ("saved_view", "id"),
    "zone": ("shipping_zone", "id"),
}
TOKENS = {
    "pages_storefront.newsletter_question": "newsletter",
    "pages_storefront.newsletter_answer": "newsletter",
    "pages_storefront.newsletter_leaving": "newsletter_off",
    "pages_storefront.newsletter_left": "newsletter_off",
    "customers_storefront.password_form": "password",
    "customers_storefront.choose_password": "password",
    "customers_storefront.link_form": "entry_link",
    "customers_storefront.use_link": "entry_link",
    "customers_storefront.email_form": "email",
    "customers_storefront.change_email": "email",
    "staff_backoffice.invitation": "invitation",
    "staff_backoffice.accept": "invitation",
    "staff_backoffice.confirm_address": "confirm",
    "support_backoffice.enter": "support",
    "staff_backoffice.prove_address": "confirm",
    "staff_backoffice.reset": "reset",
    "staff_backoffice.set_new_password": "reset",
    "staff_backoffice.enter": "enter",
    "staff_backoffice.arrive": "arrive",
    "checkout_storefront.returned": "return",
    "orders_storefront.status": "status",
}
# Values that are the same in every shop: they name a kind of thing, not a row.
SHARED = {
    "gateway": "testpay", "plugin": "testpay", "code": "testpay", "menus/handle": "main", "provider": "flat_shipping",
    "name": "brand",
    "slug": "nobody", "plan_id": uuid.UUID(int=7), "kind": "product", "language": "de", "history/number": 999,
}  # fmt: skip


class CannotCover(AssertionError):
    """The harness has no value for a variable: teach it, or the route is not tested."""


@dataclass(frozen=True)
class Probe:
    """One request that the harness can send, and whether it names a row of a shop."""

    endpoint: str
    method: str
    path: str
    names_a_row: bool


def probes(app: Flask, world: World | None) -> list[Probe]:
    """Every route with this shop's ids; with random ones, of the same kinds, without a shop."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            values = {name: value_for(rule, name, world) for name in sorted(rule.arguments)}
            with app.test_request_context():
                path = app.url_map.bind("x").build(rule.endpoint, values, method=method)
            shared = all(name in SHARED or _place(rule, name) in SHARED for name in rule.arguments)
            found.append(Probe(rule.endpoint, method, path, bool(rule.arguments) and not shared))
    return found


def value_for(rule: Rule, name: str, world: World | None) -> Any:
    """What stands in the place of a variable."""
    if rule.endpoint in TOKENS and name in {"token", "ticket"}:
        return world.tokens[TOKENS[rule.endpoint]] if world else "WzEsMl0.forged"
    special = _special(rule, name, world)
    if special is not None:
        return special
    for key in (_place(rule, name), name):
        if key in SHARED:
            return SHARED[key]
        if key in COLUMNS:
            return _row_value(rule, name, COLUMNS[key], world)
    raise CannotCover(f"{rule.rule} ({rule.endpoint}): no value for <{name}>; add it to tests/isolation/requests.py")


def _place(rule: Rule, name: str) -> str:
    """The part of the path in front of a variable, and its name: "products/handle"."""
    parts = rule.rule.split("/")
    here = next(number for number, part in enumerate(parts) if re.search(rf"[<:]{name}>", part))
    return f"{parts[here - 1]}/{name}"


def _special(rule: Rule, name: str, world: World | None) -> Any:
    known = {
        ("media_tenant.file", "key"): (lambda: world.tokens["media"], "pictures/00000000.png"),
        ("branding_any.style_sheet", "name"): (lambda: world.rows["brand_version"]["hash"], "0" * 16),
        ("branding_any.icon", "version"): (lambda: world.rows["brand_version"]["hash"][:12], "0" * 12),
        ("branding_any.icon", "file"): (lambda: "32.png", "32.png"),
        ("assets_any.file", "seen"): (lambda: "0", "0"),
        ("assets_any.file", "name"): (lambda: "css/none.css", "css/none.css"),
    }
    pair = known.get((rule.endpoint, name))
    if pair is None:
        return None
    return pair[0]() if world else pair[1]


def _row_value(rule: Rule, name: str, column: tuple[str, str], world: World | None) -> Any:
    table, attribute = column
    value = world.rows[table][attribute] if world else None
    if attribute == "id" and rule.rule.startswith("/api/"):
        return ids.to_public(ids.PREFIXES.get(name, "prod"), value or uuid.uuid4())
    if attribute in {"id", "tenant_id"}:
        return value or uuid.uuid4()
    return value if world else "999999" if attribute == "number" else "nothing-of-that-name"


def fields_for(app: Flask, endpoint: str, world: World | None) -> dict[str, Any]:
    """A plausible form for a route: required fields filled, and this shop's ids wherever a field takes an id."""
    schema = getattr(app.view_functions[endpoint], "__accepts__", None)
    return {} if schema is None else dict(_fields(schema, "", world))


def _fields(schema: Any, prefix: str, world: World | None) -> typing.Iterator[tuple[str, Any]]:
    for one in msgspec.structs.fields(schema):
        plain, metas, _ = _unwrap(one.type)
        name = prefix + one.encode_name
        if typing.get_origin(plain) is list:
            item, _, _ = _unwrap(typing.get_args(plain)[0])
            if isinstance(item, type) and issubclass(item, msgspec.Struct):
                yield from _fields(item, f"{name}-0-", world)
            elif item is uuid.UUID:
                yield name, str(_id_for(one.encode_name, world))
            elif one.required:
                yield name, "1"
        elif plain is uuid.UUID:
            yield name, str(_id_for(one.encode_name, world))
        elif plain is not FileStorage and (one.required or prefix):
            yield name, _sample(one.encode_name, plain, metas)


def _id_for(name: str, world: World | None) -> uuid.UUID:
    if world is None:
        return uuid.uuid4()
    singular = re.sub(r"s$", "", name.removesuffix("_ids").removesuffix("_id"))
    column = COLUMNS.get(f"{singular}_id")
    return world.rows[column[0]]["id"] if column else world.rows["product"]["id"]


def _sample(name: str, plain: Any, metas: list[msgspec.Meta]) -> str:
    if typing.get_origin(plain) is typing.Literal:
        return str(typing.get_args(plain)[0])
    if plain is bool:
        return "1"
    if plain is int:
        return "1"
    if "email" in name:
        return "somebody@example.com"
    if "password" in name:
        return "correct horse battery"
    if "country" in name:
        return "IE"
    if "colour" in name:
        return "#336699"
    least = max((meta.min_length or 0 for meta in metas), default=0)
    return "x" * max(least, 3)
