"""What a demo shop lacks before every page can be shown, and the address of every route. A program of its own.

`python -m tests.e2e.furnishing` reads the installation from LIVERY_HOME and LIVERY_PORT, and prints a list of addresses
as JSON. It runs apart from the tests, because a process has one application and one set of settings.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app import settings
from app.bundled.testpay.models import TestpaySession
from app.commands.installation import embedded
from app.core import access, db
from app.core.ids import new_id
from app.core.postgres import Server
from app.core.rest_batches import ApiBatch
from app.factory import create_app
from app.platform.developers import service as developers
from app.platform.developers.schemas import NewKey
from app.platform.oauth import service as oauth
from app.platform.oauth.schemas import NewApp
from app.platform.staff import credentials, granting, joining
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from app.platform.staff.schemas import RoleForm
from app.platform.support import service as support
from app.platform.tenancy import plans
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenants
from app.platform.tenancy.plans import PlanForm
from app.platform.tenancy.schemas import NewTenant
from app.platform.webhooks import service as webhooks
from app.platform.webhooks.schemas import EndpointForm
from app.shop.catalog.importing import service as importing
from app.shop.catalog.models import Variant
from app.shop.customers import links
from app.shop.customers import queries as customers
from app.shop.customers import service as customer_service
from app.shop.customers.errors import LinkUsedUp
from app.shop.orders import queries as order_queries
from app.shop.orders import service as orders
from app.shop.orders.schemas import OrderFilter
from app.shop.pages import newsletter
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment
from tests.factories.customers import ADDRESS as FULL_ADDRESS
from tests.factories.orders import new_order
from tests.isolation import requests
from tests.isolation.world import World, all_rows

SHOP = "kiln"
CLOSED = "closed"
PLAN = PlanForm("Studio", products=500, staff=10, orders_month=1_000, storage=5 * 10**9, api_rate=600)
SYSTEM = access.system_actor()
CUSTOMER, PASSWORD = "maeve.oriordan@example.com", "mugs dry upside down"
ADDRESS = FULL_ADDRESS | {"name": "Maeve O'Riordan", "line1": "4 Fade Street", "postal_code": "D02 N449"}
LIST = "Handle,Title,Variant SKU,Variant Price\nlinen-apron,Linen apron,APRON-1,48.00\nno-price,Broken row,,abc\n"


@dataclass(frozen=True)
class Address:
    """One GET route, filled in with rows of the demo shop."""

    endpoint: str
    surface: str
    path: str


def main() -> None:
    """Furnish, and print."""
    plain = settings.current()
    configured = embedded(plain, Server(plain.home))
    app = create_app(configured)
    tokens = furnish(app)
    world: Any = World(None, "", None, None, "", _rows(app), tokens)  # type: ignore[arg-type]  # only rows and tokens are read
    print(json.dumps([asdict(one) for one in addresses(app, world)]))


def addresses(app: Flask, world: World) -> Iterator[Address]:
    """Every GET route with this shop's rows; an empty path where a variable has no value."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if "GET" in (rule.methods or set()):
            blueprint = rule.endpoint.partition(".")[0]
            asked = world.tokens["question"] if rule.endpoint == "oauth_backoffice.consent" else ""
            yield Address(rule.endpoint, app.blueprints[blueprint].surface, _filled(app, rule, world) + asked)


def _filled(app: Flask, rule: Rule, world: World) -> str:
    try:
        values = {name: requests.value_for(rule, name, world) for name in sorted(rule.arguments)}
        if rule.endpoint.startswith("ops_console."):
            values |= {name: world.tokens[name] for name in values.keys() & world.tokens.keys()}
    except (KeyError, requests.CannotCover):
        return ""
    with app.test_request_context():
        return str(app.url_map.bind("x").build(rule.endpoint, values))


def furnish(app: Flask) -> dict[str, str]:
    """A customer with an order under way, an invitation, a key, an import, and a shop that is closed."""
    with app.app_context():
        tenant = tenancy.tenant_by_slug(SHOP)
        assert tenant is not None
        tenant_id = tenant.id
        _close_a_shop()
        db.session.rollback()
        with db.unit_of_work(tenant_id):
            tokens = _people()
            importing.start(LIST.encode(), "spring-list.csv", by=SYSTEM)
            developers.make_key(NewKey(name="Stock sync", scopes=["products.read"]), by=_owner())
            tokens["question"] = _app()
            _programs()
            granting.make_role(RoleForm(label="Night shift", permissions=["orders.read"]), by=_owner())
            news = EndpointForm(url="https://erp.example.com/news", facts=["orders.order_placed"])
            webhooks.send_test(webhooks.add_endpoint(news, by=_owner())[0].id, by=_owner())
        with db.unit_of_work(tenant_id):
            tokens |= _order()
        tokens |= {"slug": SHOP, "plan_id": _plan()}
    return tokens


def _plan() -> str:
    """A plan that the shop has, with limits that are far."""
    found = next((plan for plan, _ in plans.all_plans() if plan.name == PLAN.name), None)
    plan_id = (found or plans.save_plan(PLAN, by=access.BY_HAND)).id
    plans.assign(SHOP, plan_id, by=access.BY_HAND)
    db.checkpoint()
    return str(plan_id)


def _programs() -> None:
    """A large change that a program asked for, and a visit of the operator that waits."""
    db.add(ApiBatch(program_id=_owner().id, program="", resource="products", total=1))
    support.ask(access.Actor("operator", new_id(), "Olga"), "A broken picture", 30, may_write=False)


def _app() -> str:
    """An app that asks for access; the query with which it sends people to the question."""
    home = "https://erp.example.com/back"
    app, _ = oauth.make_app(NewApp(name="Northwind ERP", redirect_uris=home, scopes=["products.read"]), by=_owner())
    oauth.agree(app, staff.all_staff()[0], app.scopes, redirect_uri=home, challenge="", nonce="", auth_time=0)
    sent = {"response_type": "code", "client_id": app.client_id, "redirect_uri": home, "scope": "openid products.read"}
    return "?" + urlencode(sent | {"code_challenge": "a" * 43, "code_challenge_method": "S256"})


def _close_a_shop() -> None:
    if tenancy.tenant_by_slug(CLOSED) is None:
        new = NewTenant(
            slug=CLOSED, name="Corner Stationers", owner_email="owner@closed.example", owner_name="Cleo Owner",
            owner_password=PASSWORD,
        )  # fmt: skip
        tenants.open_tenant(new)
        tenants.suspend(CLOSED)
        db.catalogue.commit()


def _owner() -> access.Actor:
    return staff.actor_of(staff.all_staff()[0])


def _people() -> dict[str, str]:
    token = links.for_sign_up(CUSTOMER, ADDRESS["name"]).rpartition("/")[2]
    with contextlib.suppress(LinkUsedUp):  # furnished before
        customer_service.choose_password(token, PASSWORD)
    customer = customers.get(customer_service.remember(CUSTOMER, ADDRESS["name"], ADDRESS).id)
    db.flush()
    member = staff.all_staff()[0]
    invitation = staff_service.invite("cara@kilnandkin.example", "manager", by=_owner())
    return {
        "password": links.for_reset(customer).rpartition("/")[2],
        "email": links.for_new_email(customer, f"new.{CUSTOMER}").rpartition("/")[2],
        "invitation": staff_service.invitation_link(invitation).rpartition("/")[2],
        "entry_link": customer_service.make_entry_link(customer).rpartition("/")[2],
        "confirm": _unproven(),
        "reset": credentials.reset_link(member, staff.account_by_email(member.email)).rpartition("/")[2],
        "enter": staff_service.entry_link(member.id).rpartition("/")[2],
        "newsletter": newsletter.sign(newsletter.YES, {"email": CUSTOMER}, 3600),
        "newsletter_off": newsletter.leave_link(CUSTOMER).rpartition("/")[2],
    }


def _unproven() -> str:
    """Somebody opened the shop with an address that nobody has confirmed; what their letter holds."""
    person = staff.staff_by_email("una@kilnandkin.example")
    if person is None:
        person = staff_service.add_owner("una@kilnandkin.example", "Una Kiln", PASSWORD, is_proven=False)
    account = staff.account_by_id(person.account_id)
    assert account is not None
    return joining.link(person, account).rpartition("/")[2]


def _order() -> dict[str, str]:
    variant = db.session.scalars(select(Variant).order_by(Variant.id)).first()
    order = orders.place(new_order(variant, email=CUSTOMER, shipping_address=ADDRESS, payment_gateway="testpay"))
    payment = payments.open_payment(
        NewPayment(
            order_id=order.id, amount=order.total, currency=order.currency, gateway="testpay",
            description=order.number, return_path="/checkout/return/{token}",
        )
    )  # fmt: skip
    orders.bulk.start("tag", [order.number], OrderFilter(), argument="gift", by=_owner())
    status = order_queries.status_link(order).rpartition("/")[2]
    db.checkpoint()
    payments.start(payment.id)
    db.flush()
    session = db.session.scalars(select(TestpaySession)).first()
    return {"status": status, "return": payments.return_token(payment.id), "session": str(session.id)}


def _rows(app: Flask) -> dict[str, dict[str, Any]]:
    """The row of each table that its pages are shown with: the first one, of orders the one that was just placed."""
    with app.app_context():
        tenant = tenancy.tenant_by_slug(SHOP)
        assert tenant is not None
        found = _when_mail_is_written(UUID(str(tenant.id)))
    chosen = {name: rows[0] for name, rows in found.items()}
    order = max((row for row in found["order"] if row["email"] == CUSTOMER), key=lambda row: row["id"])
    customer = next(row for row in found["customer"] if row["email"] == CUSTOMER)
    chosen |= {"order": order, "customer": customer}
    for name, column, whose in (("payment", "order_id", order), ("customer_address", "customer_id", customer)):
        chosen[name] = next((row for row in found[name] if row[column] == whose["id"]), chosen[name])
    return chosen


def _when_mail_is_written(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """All rows, once the worker has written the order's letter."""
    deadline = time.monotonic() + 30
    while True:
        found = {name: rows for name, rows in all_rows(tenant_id) if rows}
        if "outgoing_message" in found or time.monotonic() > deadline:
            return found
        time.sleep(0.3)


if __name__ == "__main__":
    main()
