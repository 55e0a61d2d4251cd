"""Where plugins are called from, and how long the caller waits there."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.i18n import mark


@dataclass(frozen=True)
class Place:
    """A place with its budget. `title` is what staff read in the list of errors."""

    name: str
    title: str
    seconds: float


PAYMENT_START = Place("payment.start", mark("Starting a payment"), 10)
PAYMENT_FETCH = Place("payment.fetch", mark("Asking how a payment stands"), 10)
PAYMENT_CANCEL = Place("payment.cancel", mark("Closing a payment"), 10)
PAYMENT_REFUND = Place("payment.refund", mark("Sending money back"), 10)
PAYMENT_CALLBACK = Place("payment.callback", mark("Reading a message about a payment"), 2)
DELIVERY_PRICE = Place("delivery.price", mark("Pricing a delivery"), 2)
DELIVERY_SETTINGS = Place("delivery.settings", mark("Checking the settings of a delivery"), 2)
SLOT = Place("slot", mark("Showing something on a page"), 0.05)
PAGE = Place("page", mark("A page of its own"), 2)
FACT = Place("fact", mark("Hearing of something that happened"), 10)
TASK = Place("task", mark("Working in the background"), 30)
CONNECTION = Place("connection", mark("Testing the connection"), 10)

PLACES = {place.name: place for place in list(vars().values()) if isinstance(place, Place)}
