"""The font pairs a brand can choose from: seven families of our own and what every device has.

The faces themselves, with fallbacks cut to the same measure so that no text jumps, are in static/css/fonts.css.
"""

from __future__ import annotations

from typing import NamedTuple

_SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_SERIF = "'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, 'Liberation Serif', serif"
_INSTRUMENT = "'Instrument Sans', 'Instrument Sans Fallback', sans-serif"
_FRAUNCES = "'Fraunces', 'Fraunces Fallback', serif"
_BRICOLAGE = "'Bricolage Grotesque', 'Bricolage Grotesque Fallback', sans-serif"

_SOFIA = "'Sofia Sans Extra Condensed', 'Sofia Sans Extra Condensed Fallback', sans-serif"
_FREDOKA = "'Fredoka', 'Fredoka Fallback', sans-serif"
_NUNITO = "'Nunito', 'Nunito Fallback', sans-serif"
_NEWSREADER = "'Newsreader', 'Newsreader Fallback', serif"

_FRAUNCES_FILE = "fonts/fraunces-latin-wght-normal.woff2"
_BRICOLAGE_FILE = "fonts/bricolage-grotesque-latin-wght-normal.woff2"
_INSTRUMENT_FILE = "fonts/instrument-sans-latin-wght-normal.woff2"
_SOFIA_FILE = "fonts/sofia-sans-extra-condensed-latin-wght-normal.woff2"
_FREDOKA_FILE = "fonts/fredoka-latin-wght-normal.woff2"
_NUNITO_FILE = "fonts/nunito-latin-wght-normal.woff2"
_NEWSREADER_FILE = "fonts/newsreader-latin-wght-normal.woff2"


class FontPair(NamedTuple):
    """Headlines and text that go together; weight, tracking and leading are the headlines'."""

    label: str
    display: str
    body: str
    files: tuple[str, ...]
    weight: int
    tracking: str
    leading: str


PAIRS: dict[str, FontPair] = {
    "fraunces": FontPair(
        "Fraunces and Instrument Sans",
        _FRAUNCES,
        _INSTRUMENT,
        (_FRAUNCES_FILE, _INSTRUMENT_FILE),
        430,
        "-0.028em",
        "1.03",
    ),
    "bricolage": FontPair(
        "Bricolage Grotesque and Instrument Sans",
        _BRICOLAGE,
        _INSTRUMENT,
        (_BRICOLAGE_FILE, _INSTRUMENT_FILE),
        700,
        "-0.042em",
        "0.97",
    ),
    "instrument": FontPair("Instrument Sans", _INSTRUMENT, _INSTRUMENT, (_INSTRUMENT_FILE,), 620, "-0.03em", "1.05"),
    "sofia": FontPair(
        "Sofia Extra Condensed and Instrument Sans",
        _SOFIA,
        _INSTRUMENT,
        (_SOFIA_FILE, _INSTRUMENT_FILE),
        800,
        "-0.012em",
        "0.9",
    ),
    "fredoka": FontPair(
        "Fredoka and Nunito", _FREDOKA, _NUNITO, (_FREDOKA_FILE, _NUNITO_FILE), 600, "-0.015em", "1.02"
    ),
    "newsreader": FontPair(
        "Newsreader and the device's own", _NEWSREADER, _SANS, (_NEWSREADER_FILE,), 500, "-0.02em", "1.08"
    ),
    "fraunces-system": FontPair(
        "Fraunces and the device's own", _FRAUNCES, _SANS, (_FRAUNCES_FILE,), 450, "-0.028em", "1.04"
    ),
    "system": FontPair("The device's own sans serif", _SANS, _SANS, (), 680, "-0.025em", "1.06"),
    "system-serif": FontPair("The device's own serif", _SERIF, _SANS, (), 600, "-0.015em", "1.08"),
}
