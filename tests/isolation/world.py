"""Two shops full of everything, and what their rows are called in addresses."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask
from psycopg.rows import dict_row
from sqlalchemy import select

from app import settings
from app.bundled.testpay import service as testpay
from app.bundled.testpay.models import TestpaySession
from app.core import access, audit_chain, audit_cutting, clock, db, storage
from app.core import links as signed_links
from app.core.audit_anchor import LEAST_MONTHS
from app.core.rest_batches import ApiBatch, ApiBatchRow
from app.core.rest_cors import ApiOrigin
from app.core.rest_keys import ApiAnswer
from app.core.rowsecurity import tenant_tables
from app.platform.audit import service as audit
from app.platform.branding import service as branding
from app.platform.developers import service as developers
from app.platform.developers.models import ApiRequest
from app.platform.developers.schemas import NewKey
from app.platform.oauth import keys as signing_keys
from app.platform.oauth import queries as oauth_queries
from app.platform.oauth import scopes
from app.platform.oauth import service as oauth
from app.platform.oauth.schemas import NewApp
from app.platform.plugins.models import PluginCost, PluginError, PluginState
from app.platform.sso.models import SignInIdentity, SignInProvider
from app.platform.staff import credentials, granting, joining, undo, views
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from app.platform.staff.models import Authenticator, Passkey, RecoveryCode
from app.platform.staff.schemas import RoleForm, SaveView
from app.platform.support import service as support
from app.platform.support.models import SupportRequest
from app.platform.translating.models import Translation
from app.platform.webhooks import service as webhooks
from app.platform.webhooks.models import WebhookAttempt
from app.platform.webhooks.schemas import EndpointForm
from app.shop.catalog.importing import service as importing
from app.shop.catalog.models import CatalogueCount, FacetBits, Product, ProductTogether, Variant
from app.shop.customers import links
from app.shop.customers import queries as customers
from app.shop.customers import service as customer_service
from app.shop.home import service as home
from app.shop.orders import queries as order_queries
from app.shop.orders import service as orders
from app.shop.orders.schemas import Fulfil, OrderFilter
from app.shop.pages import newsletter
from app.shop.pages import service as pages
from app.shop.pages.schemas import NewPage
from app.shop.payments import queries as payment_queries
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment
from app.ui.theme import BrandTokens
from tests.conftest import Browser, TestShop, sign_in_owner, work_until_idle
from tests.factories.catalog import a_collection, a_product
from tests.factories.customers import ADDRESS, PASSWORD
from tests.factories.orders import new_order

SYSTEM = access.system_actor()
Fingerprint = dict[str, tuple[int, int]]


@dataclass
class World:
    """One shop, the people signed in to it, and a value for every variable of every route."""

    shop: TestShop
    marker: str
    staff: Browser
    customer: Browser
    key: str
    rows: dict[str, dict[str, Any]]
    tokens: dict[str, str] = field(default_factory=dict)

    def fingerprint(self) -> Fingerprint:
        """How many rows each table has, and the sum of their hashes, read by the operator."""
        with self.watched() as look:
            return look()

    @contextlib.contextmanager
    def watched(self) -> Iterator[Callable[[], Fingerprint]]:
        """The fingerprint again and again: rows are read anew once any transaction has written since the last look."""
        told = "count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)"
        one = f"select '{{0}}', {told} from \"{{0}}\" t where tenant_id = %(shop)s"
        # the log of requests is written a moment later than what it tells of
        query = " union all ".join(one.format(table) for table in tenant_tables() if table != "api_request")
        seen: tuple[str, Fingerprint] = ("", {})
        with psycopg.connect(settings.current().operator_url, autocommit=True) as connection:

            def look() -> Fingerprint:
                nonlocal seen
                # Asked first: what is written between the two statements is read now, and once more at the next look.
                snapshot = connection.execute("select pg_current_snapshot()::text").fetchone()[0]
                if snapshot != seen[0]:
                    rows = connection.execute(query, {"shop": self.shop.id}, prepare=True)
                    seen = snapshot, {table: tuple(found) for table, *found in rows}
                return seen[1]

            yield look


def all_rows(tenant: uuid.UUID) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every row of a tenant, table by table."""
    found = []
    with psycopg.connect(settings.current().operator_url, row_factory=dict_row) as connection:
        for table in tenant_tables():
            query = f'select * from "{table}" where tenant_id = %s order by 2'
            found.append((table, connection.execute(query, [tenant]).fetchall()))
    return found


def build(app: Flask, shop: TestShop, marker: str) -> World:
    """Fill a shop: each table has a row, and each readable text of it holds the marker."""
    tokens: dict[str, str] = {}
    with app.app_context(), shop.entered():
        _catalogue(marker)
        _counts(marker)
        branding.publish_tokens(BrandTokens(colour="#123456"), by=SYSTEM)
        pages.write_page(NewPage(title=f"{marker} page", handle=f"{marker}-page", body=marker), by=SYSTEM)
        newsletter.ask(f"{marker}@example.com", marker)
        for _ in range(50 if marker.startswith("victim") else 1):
            db.next_number("order")
        order = _order(marker)
        tokens |= _people(marker)
        granting.make_role(RoleForm(f"{marker} role", marker, ["orders.read"]), by=_owner())
        views.save(SaveView("products", marker, f"q={marker}"), by=_owner())
        undo.remember("products.status", {"before": {}, "of": marker}, "/admin/products", by=_owner())
        db.add(Translation(kind="product", object_id=uuid.uuid4(), language="de", field="title", text=marker))
        _factors(marker)
        _provider(marker)
        _webhook(marker)
        _plugin(marker)
        tokens["support"] = _visit(marker)
        _app(marker)
        key = developers.make_key(NewKey(name=marker, scopes=_all_scopes()), by=_owner())[1]
    with app.app_context(), shop.entered():
        tokens |= _payment(order)
        tokens["status"] = order_queries.status_link(order).rpartition("/")[2]
        tokens["media"] = storage.put(marker.encode(), suffix="png", kind="pictures")
        audit.keep_for(LEAST_MONTHS, by=_owner())
        audit_chain.seal()
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=500)):
        audit_cutting.cut(shop.id, at_once=1)
    staff_browser = sign_in_owner(shop)
    customer = shop.browser()
    customer.post_form("/account/sign-in", {"email": f"{marker}@example.com", "password": PASSWORD})
    variant = next(rows for name, rows in all_rows(shop.id) if name == "variant")[0]
    customer.post_form("/cart/lines", {"variant_id": str(variant["id"]), "quantity": "1"})
    _sell(app, shop, customer, marker)
    rows = {name: _telling(found, marker) for name, found in all_rows(shop.id) if found}
    return World(shop, marker, staff_browser, customer, key, rows, tokens)


def _readable() -> list[str]:
    return [name for name in access.catalogue_of_permissions() if name in {"products.read", "orders.read"}]


def _all_scopes() -> list[str]:
    """A key that may do everything: what refuses it is that a row is another shop's."""
    return sorted(set(scopes.all_of_them()) & set(access.catalogue_of_permissions()))


def _owner() -> access.Actor:
    member = staff.all_staff()[0]
    return staff.actor_of(member)


def _confirm(marker: str) -> str:
    """Somebody opened the shop with an address that nobody has confirmed."""
    person = staff_service.add_owner(f"apart-{marker}@example.com", marker, PASSWORD, is_proven=False)
    return joining.link(person, staff.account_by_id(person.account_id)).rpartition("/")[2]


def _ticket(marker: str) -> str:
    account = staff.lock_account(staff.all_staff()[0].account_id)
    account.switch_mark = marker
    signed = {"account": str(account.id), "mark": marker, "version": account.password_version}
    return signed_links.sign("staff-switch", signed, 3600)


def _app(marker: str) -> None:
    """An app that somebody let in, with a row in each of its tables."""
    home = f"https://{marker}.example.com/back"
    made, _ = oauth.make_app(NewApp(name=marker, redirect_uris=home, scopes=_readable()), by=_owner())
    person = staff.all_staff()[0]
    agreed = {"redirect_uri": home, "challenge": marker, "nonce": marker, "auth_time": 1}
    code = oauth.find_code(oauth.agree(made, person, _readable(), **agreed), made)
    found = oauth_queries.grant_with_people(code.grant_id)
    oauth.issue(made, found[0], _readable(), person)
    oauth.take_back(uuid.uuid4())
    signing_keys.signing_key()
    asked = {"method": "GET", "path": f"/api/v1/{marker}", "status": 200, "milliseconds": 1, "code": ""}
    db.add(ApiRequest(at=clock.now(), program_id=made.id, program=marker, **asked))
    kept = {"request_hash": b"1", "status": 201, "body": marker, "etag": marker}
    db.add(ApiAnswer(program_id=made.id, key=marker, **kept))
    db.add(ApiOrigin(origin=f"https://{marker}.example.com"))
    batch = db.add(ApiBatch(program_id=made.id, program="", resource=marker, total=1))
    db.flush()
    db.add(ApiBatchRow(batch_id=batch.id, place=0, operation=marker))


def _factors(marker: str) -> None:
    """What somebody could sign in with; nothing asks for it."""
    whose = {"staff_id": staff.all_staff()[0].id}
    db.add(Authenticator(**whose, secret=marker, next_secret=marker))
    db.add(RecoveryCode(**whose, code_hash=marker.encode()))
    key = {"credential_id": marker.encode(), "public_key": b"1", "sign_count": 0}
    db.add(Passkey(**whose, **key, host=marker, title=marker))


def _visit(marker: str) -> str:
    """The operator may come in, and has looked at something."""
    operator = access.Actor("operator", uuid.uuid4(), marker)
    visit = support.ask(operator, marker, 30, may_write=False)
    db.add(SupportRequest(session_id=visit.id, method="GET", path=f"/admin/{marker}", status=200))
    return support.link_into(visit.id, operator, marker).rpartition("/")[2]


def _provider(marker: str) -> None:
    """Somebody else's word that would let staff in; it is switched off."""
    named = {"label": marker, "issuer": f"https://{marker}.example.com", "client_id": marker, "client_secret": marker}
    db.add(SignInProvider(**named, domains=[marker], first_role="", is_on=False, is_only_way=False))
    db.add(SignInIdentity(staff_id=staff.all_staff()[0].id, issuer=named["issuer"], subject=marker))


def _webhook(marker: str) -> None:
    form = EndpointForm(url=f"https://{marker}.example.com/", description=marker, facts=["orders.order_shipped"])
    endpoint = webhooks.add_endpoint(form, by=_owner())[0]
    delivery = webhooks.send_test(endpoint.id, by=_owner())
    delivery.payload = {"sent_by": marker}
    db.add(WebhookAttempt(delivery_id=delivery.id, at=clock.now(), milliseconds=1, status=500, answer_body=marker))


def _plugin(marker: str) -> None:
    """A plugin that was set up and has failed."""
    db.add(PluginState(plugin="testpay", state="on", settings={"greeting": marker}, secrets=f'{{"key": "{marker}"}}'))
    db.add(PluginCost(plugin=marker, calls=1, microseconds=1))
    db.add(PluginError(plugin="testpay", place="payment.start", kind="raised", said=marker))


def _catalogue(marker: str) -> None:
    product = a_product(
        title=f"{marker} vase", handle=f"{marker}-vase", options={"Colour": ["Cream", "Ink"]}, image=True
    )
    rows = f"Handle,Title,Variant SKU,Variant Price\n{marker}-cup,{marker} cup,{marker}-1,12.00\n"
    importing.start(rows.encode(), f"{marker}.csv", by=SYSTEM)
    a_collection([product], title=f"{marker} shelf", handle=f"{marker}-shelf")


def _counts(marker: str) -> None:
    """What large shops have, by hand: this one is small."""
    products = list(db.session.execute(select(Product.id).limit(1)).scalars())
    other = a_product(title=f"{marker} bowl", handle=f"{marker}-bowl")
    db.add(ProductTogether(product_id=products[0], other_id=other.id, times=1))
    db.add(FacetBits(name="tag", value=marker, bits="1"))
    db.add(CatalogueCount(version=0, grids={}))


def _order(marker: str) -> Any:
    variant = db.session.scalars(select(Variant).order_by(Variant.position)).first()
    return orders.place(
        new_order(
            variant,
            email=f"{marker}@example.com",
            shipping_address=ADDRESS | {"name": marker},
            payment_gateway="testpay",
        )
    )


def _people(marker: str) -> dict[str, str]:
    email = f"{marker}@example.com"
    token = links.for_sign_up(email, marker).rpartition("/")[2]
    customer_service.choose_password(token, PASSWORD)
    customer = customer_service.remember(email, marker, ADDRESS | {"name": marker})
    db.flush()
    member = staff.all_staff()[0]
    invitation = staff_service.invite(f"invited-{marker}@example.com", "manager", by=_owner())
    return {
        "password": links.for_reset(customers.get(customer.id)).rpartition("/")[2],
        "entry_link": customer_service.make_entry_link(customers.get(customer.id)).rpartition("/")[2],
        "email": links.for_new_email(customers.get(customer.id), f"new-{email}").rpartition("/")[2],
        "invitation": staff_service.invitation_link(invitation).rpartition("/")[2],
        "confirm": _confirm(marker),
        "reset": credentials.reset_link(member, staff.account_by_email(member.email)).rpartition("/")[2],
        "newsletter": newsletter.sign(newsletter.YES, {"email": email}, 3600),
        "newsletter_off": newsletter.leave_link(email).rpartition("/")[2],
        "arrive": _ticket(marker),
        "enter": staff_service.entry_link(staff.all_staff()[0].id).rpartition("/")[2],
    }


def _payment(order: Any) -> dict[str, str]:
    payment = payments.open_payment(
        NewPayment(
            order_id=order.id,
            amount=order.total,
            currency=order.currency,
            gateway="testpay",
            description=order.number,
            return_path="/checkout/return/{token}",
        )
    )
    db.checkpoint()
    payments.start(payment.id)
    db.flush()
    session = db.session.scalars(select(TestpaySession)).first()
    return {"return": payments.return_token(payment.id), "session": str(session.id) if session else ""}


def _sell(app: Flask, shop: TestShop, customer: Browser, marker: str) -> None:
    """A second order goes all the way: paid late by the test bank, sent, and partly refunded."""
    with app.app_context(), shop.entered():
        order = _order(marker)
        _payment(order)
        session = db.session.scalars(select(TestpaySession).order_by(TestpaySession.id.desc())).first()
    customer.post_form(f"/payments/testpay/{session.id}", {"choice": "later"})
    work_until_idle(app)
    with app.app_context(), shop.entered():
        testpay.pay_late(session.id)
        payments.settle(payment_queries.payments_of(order.id)[0].id)
    work_until_idle(app)
    with app.app_context(), shop.entered():
        orders.fulfil(order.number, Fulfil(carrier="An Post", tracking_number=marker), by=SYSTEM)
        orders.refund(order.number, 100, key=f"refund-{marker}", by=SYSTEM)
        orders.bulk.start("tag", [order.number], OrderFilter(), argument=marker, by=SYSTEM)
        customer_service.add_tag([order.customer_id], marker, by=SYSTEM)
    work_until_idle(app)
    with clock.frozen(clock.now() + timedelta(days=1)), app.app_context(), shop.entered():
        home.keep_days(7)


def _telling(rows: list[dict[str, Any]], marker: str) -> dict[str, Any]:
    """The row that holds the marker, if one does."""
    return next((row for row in rows if marker in str(row)), rows[0])
