"""What follows from a shop's country: currency, locale, time zone, units, and whether prices include tax.

Each line is a starting value that staff may change. Prices include tax where the law or the custom for consumers
says so (Directive 98/6/EC in the European Union).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One country and the defaults of a shop that is in it."""

    code: str
    name: str
    currency: str
    locale: str
    timezone: str
    prices_include_tax: bool = True
    weight_unit: str = "g"


COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        Country("AR", "Argentina", "ARS", "es-AR", "America/Argentina/Buenos_Aires"),
        Country("AU", "Australia", "AUD", "en-AU", "Australia/Sydney"),
        Country("AT", "Austria", "EUR", "de-AT", "Europe/Vienna"),
        Country("BE", "Belgium", "EUR", "nl-BE", "Europe/Brussels"),
        Country("BR", "Brazil", "BRL", "pt-BR", "America/Sao_Paulo"),
        Country("BG", "Bulgaria", "EUR", "bg-BG", "Europe/Sofia"),
        Country("CA", "Canada", "CAD", "en-CA", "America/Toronto", prices_include_tax=False),
        Country("CL", "Chile", "CLP", "es-CL", "America/Santiago"),
        Country("HR", "Croatia", "EUR", "hr-HR", "Europe/Zagreb"),
        Country("CY", "Cyprus", "EUR", "el-CY", "Asia/Nicosia"),
        Country("CZ", "Czechia", "CZK", "cs-CZ", "Europe/Prague"),
        Country("DK", "Denmark", "DKK", "da-DK", "Europe/Copenhagen"),
        Country("EE", "Estonia", "EUR", "et-EE", "Europe/Tallinn"),
        Country("FI", "Finland", "EUR", "fi-FI", "Europe/Helsinki"),
        Country("FR", "France", "EUR", "fr-FR", "Europe/Paris"),
        Country("DE", "Germany", "EUR", "de-DE", "Europe/Berlin"),
        Country("GR", "Greece", "EUR", "el-GR", "Europe/Athens"),
        Country("HU", "Hungary", "HUF", "hu-HU", "Europe/Budapest"),
        Country("IS", "Iceland", "ISK", "is-IS", "Atlantic/Reykjavik"),
        Country("IN", "India", "INR", "en-IN", "Asia/Kolkata"),
        Country("IE", "Ireland", "EUR", "en-IE", "Europe/Dublin"),
        Country("IL", "Israel", "ILS", "he-IL", "Asia/Jerusalem"),
        Country("IT", "Italy", "EUR", "it-IT", "Europe/Rome"),
        Country("JP", "Japan", "JPY", "ja-JP", "Asia/Tokyo"),
        Country("LV", "Latvia", "EUR", "lv-LV", "Europe/Riga"),
        Country("LT", "Lithuania", "EUR", "lt-LT", "Europe/Vilnius"),
        Country("LU", "Luxembourg", "EUR", "fr-LU", "Europe/Luxembourg"),
        Country("MT", "Malta", "EUR", "en-MT", "Europe/Malta"),
        Country("MX", "Mexico", "MXN", "es-MX", "America/Mexico_City"),
        Country("NL", "Netherlands", "EUR", "nl-NL", "Europe/Amsterdam"),
        Country("NZ", "New Zealand", "NZD", "en-NZ", "Pacific/Auckland"),
        Country("NO", "Norway", "NOK", "nb-NO", "Europe/Oslo"),
        Country("PL", "Poland", "PLN", "pl-PL", "Europe/Warsaw"),
        Country("PT", "Portugal", "EUR", "pt-PT", "Europe/Lisbon"),
        Country("RO", "Romania", "RON", "ro-RO", "Europe/Bucharest"),
        Country("SG", "Singapore", "SGD", "en-SG", "Asia/Singapore"),
        Country("SK", "Slovakia", "EUR", "sk-SK", "Europe/Bratislava"),
        Country("SI", "Slovenia", "EUR", "sl-SI", "Europe/Ljubljana"),
        Country("ZA", "South Africa", "ZAR", "en-ZA", "Africa/Johannesburg"),
        Country("KR", "South Korea", "KRW", "ko-KR", "Asia/Seoul"),
        Country("ES", "Spain", "EUR", "es-ES", "Europe/Madrid"),
        Country("SE", "Sweden", "SEK", "sv-SE", "Europe/Stockholm"),
        Country("CH", "Switzerland", "CHF", "de-CH", "Europe/Zurich"),
        Country("TR", "Türkiye", "TRY", "tr-TR", "Europe/Istanbul"),
        Country("AE", "United Arab Emirates", "AED", "en-AE", "Asia/Dubai"),
        Country("GB", "United Kingdom", "GBP", "en-GB", "Europe/London"),
        Country("US", "United States", "USD", "en-US", "America/New_York", prices_include_tax=False, weight_unit="lb"),
    )
}

DEFAULT_COUNTRY = "IE"


def country_or_default(code: str) -> Country:
    """The country's defaults; for a country that is not listed, those of the default country under its own code."""
    known = COUNTRIES.get(code.upper())
    return known or COUNTRIES[DEFAULT_COUNTRY]


def from_accept_language(header: str) -> str:
    """The country that a browser's languages point at ("de-AT,de;q=0.9" gives "AT"), else the default."""
    for part in header.split(","):
        region = part.partition(";")[0].strip().partition("-")[2].upper()
        if region in COUNTRIES:
            return region
    return DEFAULT_COUNTRY


def currencies() -> list[str]:
    """Every currency a listed country uses, in alphabetical order."""
    return sorted({country.currency for country in COUNTRIES.values()})


def timezones() -> list[str]:
    """Every time zone of a listed country, in alphabetical order."""
    return sorted({country.timezone for country in COUNTRIES.values()} | {"UTC"})
