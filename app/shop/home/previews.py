"""A mail and an invoice for the branding editor's frame: our own templates, a made-up buyer, the draft's look."""

from __future__ import annotations

import uuid

from flask import Response

from app.core import clock
from app.core.access import requires
from app.core.i18n import gettext as _
from app.core.i18n import mark
from app.core.web import BackofficeDoor, page
from app.platform.branding import hooks, preview
from app.platform.mail import rendering
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries as catalog
from app.shop.orders.models import Order, OrderLine

door = BackofficeDoor("home_previews")
_MAIL_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


def start(_app: object = None) -> None:
    """Say once what this room brings to the editor's frame."""
    if previews not in hooks.previews:
        hooks.previews.append(previews)


def previews() -> list[hooks.Preview]:
    """A mail and an invoice."""
    return [
        hooks.Preview(mark("E-mail"), "/admin/branding/preview/mail", 70),
        hooks.Preview(mark("Invoice"), "/admin/branding/preview/order", 80),
    ]


@door.get("/branding/preview/mail")
@requires("branding.read")
def mail() -> Response:
    """The confirmation of an order as its buyer gets it. A mail's styles are inline, and it has no script."""
    preview.show_draft()
    subject = _("Your order %(number)s", number="1042")
    html, _text = rendering.render("orders/mail/confirmation", subject, {"order": sample_order(), "link": "/"})
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


@door.get("/branding/preview/order")
@requires("branding.read")
def order() -> Response:
    """An invoice as it is printed."""
    preview.show_draft()
    return page("home/backoffice/sample_order.html", order=sample_order(), kind="invoice")


def sample_order() -> Order:
    """An order that nobody placed and no session holds, of what the shop sells."""
    shop = current_shop()
    wanted = [(card.title, card.price) for card in catalog.newest_cards(2)] or [(_("A good thing"), 2400)]
    lines = [
        OrderLine(
            id=uuid.uuid4(), position=place, product_title=title, variant_title="", sku=f"S-{place + 1}",
            quantity=place + 1, unit_price=price, fulfilled=0, image_key="", handle="", tax_rate="",
        )
        for place, (title, price) in enumerate(wanted)
    ]  # fmt: skip
    subtotal = sum(line.total for line in lines)
    address = {
        "name": "Robin Sample", "company": "", "line1": "1 Sample Street", "line2": "", "postal_code": "12345",
        "city": "Sampletown", "region": "", "country": shop.country, "phone": "",
    }  # fmt: skip
    sample = Order(
        number="1042", email="robin@example.com", customer_name="Robin Sample", locale=shop.locale, status="placed",
        payment_status="paid", fulfilment_status="unfulfilled", placed_at=clock.now(), currency=shop.currency,
        subtotal=subtotal, shipping=490, tax=0, total=subtotal + 490, paid=subtotal + 490, refunded=0,
        prices_include_tax=shop.prices_include_tax, tax_lines=[], item_count=len(lines), shipping_address=address,
        billing_address=address, shipping_name=_("Parcel"), payment_gateway="", payment_title="",
        payment_instructions="", note="", attention="",
    )  # fmt: skip
    sample.lines = lines
    return sample
