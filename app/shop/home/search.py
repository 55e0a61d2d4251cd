"""Finding orders, products and customers from the field on top of every page."""

from __future__ import annotations

from app.shop.catalog import queries as catalog
from app.shop.catalog.schemas import ProductsWanted
from app.shop.customers import queries as customers
from app.shop.customers.schemas import CustomerFilter
from app.shop.orders import queries as orders
from app.shop.orders.schemas import OrderFilter

MOST = 8


def found_orders(text: str) -> list[tuple[str, str]]:
    """(number, who) of orders whose number, name or e-mail matches, newest first."""
    rows = orders.listing(OrderFilter(q=text), MOST).rows
    return [(row.number, row.customer_name or row.email) for row in rows]


def found_products(text: str) -> list[tuple[str, str]]:
    """(id, title) of products in any status."""
    return [(str(view.id), view.title) for view in catalog.products_page(ProductsWanted(q=text), None, MOST)]


def found_customers(text: str) -> list[tuple[str, str]]:
    """(id, name) of customers."""
    rows = customers.listing(CustomerFilter(q=text), MOST).rows
    return [(str(row.id), row.name or row.email) for row in rows]
