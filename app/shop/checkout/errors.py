"""Refusals of the checkout, each one clear sentence."""

from app.core.errors import DomainError
from app.core.i18n import mark


class NoSuchProduct(DomainError):
    """The variant is unknown, another shop's, or no longer for sale."""

    code, message, status = "no_such_product", mark("There is nothing here."), 404


class NotForSale(DomainError):
    """Known, but not to be bought now."""

    code, message = "not_for_sale", mark("{title} is no longer sold here. Please take it out of your bag.")


class SoldOut(DomainError):
    """Nothing is left."""

    code, message = "sold_out", mark("{title} is sold out. Please take it out of your bag.")


class NotEnough(DomainError):
    """Some are left, but fewer than wanted."""

    code, message = "not_enough_stock", mark("Only {left} of {title} left. Please lower the quantity.")


class EmptyBag(DomainError):
    """Nothing to order."""

    code, message = "empty_bag", mark("Your bag is empty.")


class TooManyLines(DomainError):
    """A bag is not a warehouse."""

    code, message = "too_many_lines", mark("A bag holds at most {most} different products.")


class NoDelivery(DomainError):
    """No zone names the country, or the parcel is too heavy for every rate."""

    code, message, status = "no_delivery", mark("We cannot deliver this bag to {country}."), 422


class TotalChanged(DomainError):
    """Prices, delivery or tax moved between the page and the button."""

    code = "total_changed"
    message = mark("The total is now {now} (it was {before}). Nothing was ordered; please check and order again.")


class PaymentUnderWay(DomainError):
    """The buyer is on the gateway's page in another window."""

    code, message = "order_under_way", mark("This order is being paid for in another window. Please finish it there.")


class NotTakingOrders(DomainError):
    """The shop's plan allows no more orders this month; shoppers are not told why, and nothing was paid."""

    code = "not_taking_orders"
    message = mark("This shop is not taking orders at the moment. Nothing was ordered and nothing was paid.")
