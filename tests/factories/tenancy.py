"""Tenants as files, and people who open shops in the wizard."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from app import settings
from app.platform.tenancy import packs
from tests.conftest import Browser

_addresses = itertools.count(1)

TENANT = """
[shop]
name = "Small & Fine"
country = "DE"
contact_email = "hello@small.example"
announcement = "Open till late"

[shop.address]
line1 = "Hauptstr. 1"
city = "Bonn"

[brand]
colour = "#a8492a"
font_pair = "fraunces"

[brand.words]
bag = "Basket"

[[home]]
kind = "hero"
title = "Good cups"
image = "red.png"
image_alt = "Something red"

[[menus.main]]
label = "Cups"
href = "/collections/cups"

[[pages]]
handle = "about"
title = "About"
body = "We make **cups**."

[[delivery]]
zone = "Germany"
name = "Parcel"
amount = "4.90"
countries = ["DE"]
free_from = "50.00"
days = "2 days"

[[payment]]
code = "bank_transfer"
instructions = "IBAN DE00"
"""

PRODUCTS = """
[[collections]]
handle = "cups"
title = "Cups"
image = "red.png"
products = ["cup", "saucer"]

[[products]]
handle = "cup"
title = "Cup"
description = "<p>A cup.</p>"
kind = "Cups"
tags = ["new"]
options = [{ name = "Colour", values = ["Red", "Blue"] }]
variants = [
    { price = "12.50", options = ["Red"], sku = "CUP-R", on_hand = 3, weight_grams = 200 },
    { price = "13.00", options = ["Blue"], sku = "CUP-B", on_hand = 5, compare_at = "15.00" },
]
images = [{ file = "red.png", alt = "A red cup", variant = ["Red"] }, { file = "blue.png" }]

[[products]]
handle = "saucer"
title = "Saucer"
variants = [{ price = "4", on_hand = 9 }]
"""


def picture(colour: str) -> bytes:
    """A small PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (200, 250), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def make_pack(tmp_path: Path) -> Callable[..., packs.Folder]:
    """Write a tenant as a folder: `make_pack("acme", tenant=TOML)`."""

    def make(name: str = "", *, tenant: str = TENANT, products: str = PRODUCTS) -> packs.Folder:
        folder = tmp_path / (
            name or f"pack-{next(_addresses)}-{tmp_path.name[-12:].strip('-').lower()}".replace("_", "-")
        )
        (folder / packs.IMAGES).mkdir(parents=True, exist_ok=True)
        (folder / packs.TENANT).write_text(tenant)
        (folder / packs.PRODUCTS).write_text(products)
        for colour in ("red", "blue"):
            (folder / packs.IMAGES / f"{colour}.png").write_bytes(picture(colour))
        return packs.Folder(folder)

    return make


class Newcomer:
    """Somebody with a browser of their own who opens a shop."""

    def __init__(self, app: Flask) -> None:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        self.browser = browser.at(settings.current().domain)
        # Limits count by address: each newcomer comes from another one.
        number = next(_addresses)
        self.address = f"10.9.{number // 250}.{number % 250 + 1}"

    def get(self, path: str, **options: Any) -> Any:
        """Look at a page."""
        return self.browser.get(path, environ_overrides={"REMOTE_ADDR": self.address}, **options)

    def answer(self, step: str, then: str = "on", **fields: Any) -> Any:
        """Send one step's form."""
        return self.browser.post_form(
            f"/start/{step}", {"then": then, **fields}, environ_overrides={"REMOTE_ADDR": self.address}
        )

    def answer_all(self, slug: str, *, name: str = "Acme Tools", choice: str = "nothing", country: str = "IE") -> None:
        """Give every answer but the account."""
        self.answer("shop", name=name, slug=slug)
        self.answer("brand", start="starter", pick="#a8492a", colour="", font_pair="")
        self.answer("region", country=country, currency="", tax="")
        self.answer("catalogue", choice=choice, title="", price="", stock="")
        self.answer("payment", test_gateway="1", bank_details="")

    def open(self, email: str, password: str = "a long enough sentence") -> Any:
        """Send the last step."""
        return self.answer("account", owner_name="Ann Owner", email=email, password=password)


@pytest.fixture
def newcomer(app: Flask) -> Newcomer:
    """Somebody in front of the wizard."""
    return Newcomer(app)


@pytest.fixture
def other_newcomer(app: Flask) -> Newcomer:
    """Somebody else."""
    return Newcomer(app)
