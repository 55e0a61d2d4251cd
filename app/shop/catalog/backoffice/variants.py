"""In which ways a product varies."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.web import accepts, redirect_to
from app.shop.catalog import editing
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.backoffice.products import product_page, taken_from_form
from app.shop.catalog.forms import OptionsForm


def options_again(product_id: UUID) -> Response:
    """The product's page with what was typed about its options, and why it does not do."""
    problem, typed = taken_from_form()
    return product_page(product_id, options_problem=problem, options_typed=typed)


@door.post("/products/<uuid:product_id>/options")
@requires("products.edit")
@accepts(OptionsForm, again=options_again)
def set_options(form: OptionsForm, product_id: UUID) -> Response:
    """Make a variant of each combination of values."""
    editing.set_options(product_id, editing.options_of(form), by=current_actor())
    return redirect_to(url_for(".show", product_id=product_id) + "#variants", gettext("The variants are made."))
