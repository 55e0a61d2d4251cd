"""Door: what a shopper finds while the owner keeps the shop closed."""

from flask import Flask, current_app, request

from app.core import isolation, lifecycle
from app.platform.tenancy import queries as tenancy


def start(app: Flask) -> None:
    """Look at every storefront request before it reaches its view."""
    app.before_request(keep_shoppers_out)


def keep_shoppers_out() -> None:
    """Answer 503 on storefront pages of a closed shop. Payments under way and order pages stay reachable."""
    if isolation.tenant_or_none() is None or request.endpoint is None or lifecycle.surface() != "storefront":
        return
    view = current_app.view_functions[request.endpoint]
    is_after_the_sale = request.blueprint in {"orders_storefront", "payments_storefront"}
    if getattr(view, "__machines__", False) or is_after_the_sale:
        return
    if not tenancy.current_shop().is_open:
        raise lifecycle.ShopClosed()
