"""Staff pages: customers list, detail and what can be done with a customer."""

from app.shop.customers.backoffice import many, one
from app.shop.customers.backoffice.door import door

__all__ = ["door", "many", "one"]
