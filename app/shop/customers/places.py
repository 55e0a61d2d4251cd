"""Names of countries, for address forms and for addresses on pages and in mails."""

from functools import cache

from babel import Locale
from flask import Flask

from app.core import i18n

# CLDR lists regions that no parcel is sent to: groups of countries, test codes and outlying waters.
_NOT_POSTAL = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AQ", "BV", "CP", "DG", "EA", "HM", "IC", "TA", "CQ"}


def register(app: Flask) -> None:
    """Give templates `country_name(code)`."""
    app.jinja_env.globals["country_name"] = country_name


def country_name(code: str) -> str:
    """ISO 3166-1 code to name; a code that nobody knows stays as it is."""
    return _country_names(i18n.language()).get(code, code)


def country_names() -> dict[str, str]:
    """Codes and names of all countries in the reader's language, by name."""
    return _country_names(i18n.language())


@cache
def _country_names(language: str) -> dict[str, str]:
    named = Locale.parse(language).territories
    countries = {code: name for code, name in named.items() if len(code) == 2 and code.isalpha()}
    kept = {code: name for code, name in countries.items() if code not in _NOT_POSTAL}
    return dict(sorted(kept.items(), key=lambda one: one[1]))
