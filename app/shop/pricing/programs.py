"""What programs send to the pricing room and read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.core.i18n import gettext
from app.shop.pricing.schemas import Taxation, parse_percent

Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class TaxChanged(Struct, forbid_unknown_fields=True, kw_only=True):
    """The tax of one country; `percent` is a decimal such as "23" or "8.875"."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    percent: Annotated[str, Meta(min_length=1, max_length=12)]
    taxes_delivery: bool = True

    def problems(self) -> dict[str, str]:
        """A percentage has at most three digits behind the point."""
        is_one = parse_percent(self.percent) is not None
        return {} if is_one else {"percent": gettext("Write a percentage from 0 to 100, such as 23 or 8.875.")}

    @property
    def taxation(self) -> Taxation:
        """The same as a value."""
        return Taxation(self.name, parse_percent(self.percent) or 0, self.taxes_delivery)


class TaxWritten(Struct, forbid_unknown_fields=True, kw_only=True):
    """A country that is to be taxed; without `percent` it gets its standard rate and that one's name."""

    country: Country
    name: Annotated[str, Meta(max_length=40)] = ""
    percent: Annotated[str, Meta(max_length=12)] = ""
    taxes_delivery: bool = True

    def problems(self) -> dict[str, str]:
        """A rate of one's own needs its name."""
        if not self.percent:
            return {}
        if parse_percent(self.percent) is None:
            return {"percent": gettext("Write a percentage from 0 to 100, such as 23 or 8.875.")}
        return {} if self.name.strip() else {"name": gettext("Say what stands on the bill, such as VAT.")}

    @property
    def taxation(self) -> Taxation:
        """The same as a value; for one with a percentage."""
        return Taxation(self.name, parse_percent(self.percent) or 0, self.taxes_delivery)


class TaxOut(Struct):
    """The tax of one country; `percent` is a decimal."""

    id: str
    country: str
    name: str
    percent: str
    taxes_delivery: bool
    created_at: datetime
    updated_at: datetime
