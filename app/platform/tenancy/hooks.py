"""Where rooms above tenancy say what a new shop needs from the start.

A room appends a function to `on_open` when it is imported. It is called once, inside the new tenant and in the
transaction that creates the shop row, with the NewTenant as its only argument:

    def first_owner(new: NewTenant) -> None: ...
    tenancy.hooks.on_open.append(first_owner)

Rooms are called in the order of app/roles.py. A function that raises leaves no shop behind; opening again starts anew.
"""

from collections.abc import Callable

from app.platform.tenancy.schemas import NewTenant

on_open: list[Callable[[NewTenant], None]] = []

counts: dict[str, Callable[[], int]] = {}
"""How much the entered shop has of what plans limit (products, staff, orders_month, storage), each by its own room."""
