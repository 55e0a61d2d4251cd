"""Refusals of the catalogue, each a sentence."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import mark


class OutOfStock(DomainError):
    """Fewer pieces are left than were asked for; `title` and `left` tell the shopper which and how many."""

    code, message = "out_of_stock", mark("Only {left} of {title} left.")


class HandleTaken(DomainError):
    """Two products (or two collections) of one shop cannot share an address."""

    code, message = "handle_taken", mark("The address “{handle}” is taken; choose another.")


class TooManyOptions(DomainError):
    """A product varies in at most three ways."""

    code, message, status = "too_many_options", mark("A product has at most three options."), 422


class NoVariants(DomainError):
    """Without a variant there is no price and nothing to buy."""

    code, message, status = "no_variants", mark("A product needs at least one variant."), 422


class OptionsDoNotMatch(DomainError):
    """Every variant names one value for each option of its product."""

    code, message, status = "options_do_not_match", mark("The variant “{title}” needs one value for each option."), 422


class VariantTwice(DomainError):
    """Two variants with the same values could not be told apart."""

    code, message = "variant_twice", mark("There are two variants “{title}”.")


class UnknownVariant(DomainError):
    """The variant belongs to another product or was removed meanwhile."""

    code, message, status = "unknown_variant", mark("A variant is no longer there; load the product again."), 409
