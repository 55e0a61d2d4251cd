"""Payments by Stripe Checkout."""

from __future__ import annotations

from app.pluginapi import Plugin, mark
from livery_stripe.gateway import StripeGateway, check
from livery_stripe.settings import Settings

plugin = Plugin(
    name="stripe",
    version="1.0.0",
    title="Stripe",
    description=mark("Cards, wallets and bank payments on Stripe's own page."),
    gateways=(StripeGateway(),),
    settings=Settings,
    check=check,
    reads=(mark("amount, currency and number of an order"), mark("the e-mail address of the buyer")),
    connects_to=("api.stripe.com",),
)
