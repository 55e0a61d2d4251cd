"""The wizard's forms, one a step, and what they add up to."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from app.core import text
from app.core.i18n import gettext
from app.core.web import Upload
from app.platform.tenancy.countries import COUNTRIES, currencies
from app.ui import fonts

HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
LARGEST_UPLOAD = {"logo": 5_000_000, "photo": 15_000_000, "csv": 20_000_000}


class Step(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A page of the wizard. `then` is the button: on, back, or straight to the account."""

    then: Literal["", "on", "back", "skip"] = ""


class ShopStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 1: what the shop is called and where it lives."""

    name: Name
    slug: Annotated[str, msgspec.Meta(max_length=80)] = ""

    @property
    def address(self) -> str:
        """The wanted address; made from the name when the field was left empty."""
        return self.slug.strip().lower() or text.slugify(self.name, longest=40)


class BrandStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 2: a starting look, and a logo or one colour on top of it."""

    start: Short = "starter"
    pick: Annotated[str, msgspec.Meta(max_length=9)] = ""
    """A colour that was offered, "own", or nothing for the starting look's colour."""
    colour: Annotated[str, msgspec.Meta(max_length=9)] = ""
    font_pair: Annotated[str, msgspec.Meta(max_length=40)] = ""
    logo: Upload | None = None
    without_logo: bool = False

    @property
    def chosen_colour(self) -> str:
        """The colour in hex; empty for the starting look's own."""
        return self.colour if self.pick == "own" else self.pick

    def problems(self) -> dict[str, str]:
        """A colour is a hex value; the font pair is one of ours."""
        found = {}
        if self.chosen_colour and not HEX.fullmatch(self.chosen_colour):
            found["colour"] = gettext("Write a colour such as #a8492a.")
        if self.font_pair and self.font_pair not in fonts.PAIRS:
            found["font_pair"] = gettext("Choose one of the offered pairs.")
        return found


class RegionStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 3: where the shop is, and what follows from that."""

    country: Annotated[str, msgspec.Meta(max_length=2)]
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    tax: Literal["", "included", "added"] = ""

    def problems(self) -> dict[str, str]:
        """Both come from lists."""
        if self.country not in COUNTRIES:
            return {"country": gettext("Choose a country from the list.")}
        if self.currency and self.currency not in currencies():
            return {"currency": gettext("Choose a currency from the list.")}
        return {}


class CatalogueStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 4: sample products, one of one's own, a list from another shop, or nothing yet."""

    choice: Literal["samples", "product", "csv", "nothing"] = "samples"
    title: Short = ""
    price: Annotated[str, msgspec.Meta(max_length=20)] = ""
    stock: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    photo: Upload | None = None
    csv: Upload | None = None

    def problems(self) -> dict[str, str]:
        """A product of one's own needs a name."""
        if self.choice == "product" and not self.title.strip():
            return {"title": gettext("Give the product a name.")}
        return {}


class PaymentStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 5: how the shop is paid. More ways are added in the back office."""

    test_gateway: bool = False
    bank_transfer: bool = False
    bank_details: Annotated[str, msgspec.Meta(max_length=1000)] = ""

    def problems(self) -> dict[str, str]:
        """Somebody who transfers money must know where to."""
        if self.bank_transfer and not self.bank_details.strip():
            return {"bank_details": gettext("Write the account that buyers transfer to, or leave bank transfer off.")}
        if not (self.bank_transfer or self.test_gateway):
            return {"test_gateway": gettext("Choose at least one way to pay; you can change it later.")}
        return {}


class AccountStep(Step, kw_only=True, forbid_unknown_fields=True):
    """Step 6: who runs the shop. The password is never part of the draft."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=200)] = ""
    owner_name: Short = ""

    def problems(self) -> dict[str, str]:
        """The address must be one that mail reaches."""
        if not text.looks_like_email(self.email):
            return {"email": gettext("Write an e-mail address such as rita@example.com.")}
        return {}


class AddressQuestion(msgspec.Struct, forbid_unknown_fields=True):
    """Asked while the address is being typed."""

    slug: Annotated[str, msgspec.Meta(max_length=80)] = ""
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Look(msgspec.Struct, forbid_unknown_fields=True):
    """What the preview shows; everything else comes from the draft."""

    start: Short = ""
    pick: Annotated[str, msgspec.Meta(max_length=9)] = ""
    colour: Annotated[str, msgspec.Meta(max_length=9)] = ""
    font_pair: Annotated[str, msgspec.Meta(max_length=40)] = ""


class LogoForm(msgspec.Struct, forbid_unknown_fields=True):
    """A logo by itself, so that its colours can be offered before the step is finished."""

    logo: Upload


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """The way into the wizard, where a starting point may be named."""

    start: Short = ""


@dataclass(frozen=True)
class Answers:
    """All steps but the account, validated."""

    shop: ShopStep
    brand: BrandStep
    region: RegionStep
    catalogue: CatalogueStep
    payment: PaymentStep


class Tongue(msgspec.Struct, forbid_unknown_fields=True):
    """The language of the platform's own pages, and the page to come back to."""

    language: Annotated[str, msgspec.Meta(max_length=8)]
    back_to: Annotated[str, msgspec.Meta(max_length=300)] = "/welcome"
