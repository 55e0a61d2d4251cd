"""What a new shop says before its owner has written a word: plain drafts of the pages that every shop needs."""

from __future__ import annotations

from app.core.access import system_actor
from app.platform.tenancy.schemas import NewTenant
from app.shop.pages import service
from app.shop.pages.schemas import Collections, Hero, MenuLink, NewPage, Products, Usp, UspItem


def open_pages(new: NewTenant) -> None:
    """Write home page, text pages and menus of a new shop."""
    service.write_first(
        text_pages(new.legal_name or new.name, new.contact_email or new.owner_email),
        {handle: [MenuLink(label, href) for label, href in links] for handle, links in menus().items()},
        home(new.name),
        by=system_actor("opening"),
    )


def home(name: str) -> list[Hero | Usp | Products | Collections]:
    """A home page that works with any catalogue."""
    return [
        Hero(title=f"Welcome to {name}", text="Have a look around. New things arrive all the time.", button="Shop now"),
        Usp([
            UspItem("Fast delivery", "truck"), UspItem("30-day returns", "rotate-ccw"),
            UspItem("Secure payment", "shield-check"),
        ]),
        Products(title="In the shop", more="See everything"),
        Collections(title="Shop by collection"),
    ]  # fmt: skip


def menus() -> dict[str, list[tuple[str, str]]]:
    """The menus of a new shop."""
    return {
        "main": [("Shop all", "/collections/all"), ("About", "/pages/about"), ("Contact", "/pages/contact")],
        "footer-shop": [("Shop all", "/collections/all"), ("Search", "/search")],
        "footer-help": [
            ("Delivery", "/pages/delivery"), ("Returns", "/pages/returns"), ("Contact", "/pages/contact"),
        ],
        "footer-about": [("About", "/pages/about"), ("Privacy", "/pages/privacy"), ("Terms", "/pages/terms")],
    }  # fmt: skip


def text_pages(company: str, email: str) -> list[NewPage]:
    """The pages of a new shop, in plain words that its owner makes theirs."""
    write = f"Write to [{email}](mailto:{email})." if email else "Write to us."
    return [
        NewPage(handle="about", title="About", body=f"{company} sells what we like to use ourselves.\n\n{write}"),
        NewPage(handle="delivery", title="Delivery", body=_DELIVERY),
        NewPage(handle="returns", title="Returns", body=f"{_RETURNS}\n\n{write}"),
        NewPage(handle="privacy", title="Privacy", body=f"{_PRIVACY.format(company=company)}\n\n{write}"),
        NewPage(handle="terms", title="Terms", body=_TERMS.format(company=company)),
        NewPage(handle="contact", title="Contact", body=f"{write} We answer on working days."),
    ]


_DELIVERY = """What delivery costs is shown in the bag and at the checkout, before you pay.

We tell you by e-mail when your parcel has left."""

_RETURNS = """## Changed your mind?

Tell us within 30 days after your order has arrived, send it back unused, and we refund what you paid for it.

## Broken or wrong?

Send us a photo and your order number, and we put it right at our cost."""

_PRIVACY = """{company} keeps what an order needs: your name, your addresses, your e-mail address and what you bought.

Payment details go to the payment provider and never reach us. We share your address with the carrier of your parcel.

You may ask for a copy of your data or for its deletion at any time."""

_TERMS = """You buy from {company}.

Prices, tax and delivery are shown before you order. The contract is made when we confirm your order by e-mail.

You may withdraw from it within 14 days without giving a reason; our returns page gives you longer."""
