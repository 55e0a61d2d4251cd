"""A brand as typed tokens, the style sheet made of them, and the theme that a page is drawn with.

Nobody's raw CSS is ever pasted into a page: `css_for` writes every value itself, from numbers, colours that were
parsed, and names out of closed lists.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
import tomli_w

from app.core.errors import InvalidInput
from app.core.i18n import gettext, is_known, mark
from app.ui import fonts, palette
from app.ui.colour import contrast, parse_hex
from app.ui.palette import Palette

Colour = Annotated[str, msgspec.Meta(max_length=7)]
Word = Annotated[str, msgspec.Meta(max_length=60)]
LEAST_CONTRAST = 4.5

DEFAULT_WORDS: dict[str, str] = {
    "add_to_bag": mark("Add to bag"),
    "bag": mark("Bag"),
    "checkout": mark("Checkout"),
    "sold_out": mark("Sold out"),
    "search": mark("Search"),
    "account": mark("Account"),
    "continue_shopping": mark("Continue shopping"),
    "empty_bag": mark("Your bag is empty"),
    "view_all": mark("View all"),
    "newsletter": mark("News from the shop"),
}


class BrandTokens(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything a brand may choose. Each field has a default, so `BrandTokens()` is a presentable brand."""

    colour: Colour = "#2f5d50"
    canvas: Colour | None = None
    mode: Literal["light", "dark", "auto"] = "light"
    font_pair: Literal[
        "fraunces", "bricolage", "instrument", "sofia", "fredoka", "newsreader",
        "fraunces-system", "system", "system-serif",
    ] = "instrument"  # fmt: skip
    display_weight: Annotated[int, msgspec.Meta(ge=300, le=800)] | None = None
    display_case: Literal["none", "uppercase"] = "none"
    radius: Annotated[int, msgspec.Meta(ge=0, le=28)] = 8
    density: Literal["compact", "normal", "airy"] = "normal"
    picture_shape: Literal["portrait", "square", "landscape"] = "portrait"
    picture_look: Literal["natural", "tinted", "mono"] = "natural"
    hero_layout: Literal["split", "full", "stacked"] = "split"
    hero_colour: Colour | None = None
    hero_ink: Colour | None = None
    card_layout: Literal["plain", "framed", "overlay"] = "plain"
    header_layout: Literal["left", "centred", "stacked", "bar"] = "left"
    tile_layout: Literal["label", "caption", "round"] = "label"
    reasons_layout: Literal["lines", "chips", "band"] = "lines"
    footer_layout: Literal["columns", "centred", "band"] = "columns"
    logo_key: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    logo_alone: bool = False
    words: dict[str, Word] = {}

    @classmethod
    def from_toml(cls, table: str | Mapping[str, Any]) -> BrandTokens:
        """Tokens from TOML text or a parsed table; raises InvalidInput that names the key."""
        values = tomllib.loads(table) if isinstance(table, str) else table
        return cls.from_table(dict(values))

    @classmethod
    def from_table(cls, values: dict[str, Any]) -> BrandTokens:
        """Tokens from plain values, checked and normalised; raises InvalidInput that names the key."""
        try:
            return msgspec.convert(values, cls).normalised()
        except msgspec.ValidationError as refused:
            sentence, _, place = str(refused).partition(" - at `$.")
            raise InvalidInput({place.rstrip("`").split("[")[0].split(".")[0]: f"{sentence}."}, values) from refused

    def normalised(self) -> BrandTokens:
        """The same brand with every colour as `#rrggbb` and only words that are used."""
        unknown = sorted(key for key in self.words if not _is_word(key))
        if unknown:
            raise InvalidInput({"words": gettext("There is no word called %(unknown)s.", unknown=unknown[0])})
        hero_colour = parse_hex(self.hero_colour, "hero_colour") if self.hero_colour else None
        return msgspec.structs.replace(
            self,
            colour=parse_hex(self.colour, "colour"),
            canvas=parse_hex(self.canvas, "canvas") if self.canvas else None,
            hero_colour=hero_colour,
            hero_ink=_readable_ink(self.hero_ink, hero_colour) if self.hero_ink else None,
            words={key: word.strip() for key, word in self.words.items() if word.strip()},
        )

    def to_table(self) -> dict[str, Any]:
        """Plain values without defaults and empty fields: for JSON in the database and TOML in a pack."""
        return {key: value for key, value in msgspec.to_builtins(self).items() if value is not None}

    def to_toml(self) -> str:
        """The tokens as TOML text, as `from_toml` reads them."""
        return tomli_w.dumps(self.to_table())

    def word(self, key: str) -> str:
        """What this brand calls a thing; KeyError for a word that no page uses."""
        return self.words.get(key) or DEFAULT_WORDS[key]

    def own_word(self, key: str, language: str = "") -> str | None:
        """The brand's own word: in the shop's language, or in one of its further languages (`de.bag`)."""
        return self.words.get(f"{language}.{key}" if language else key)

    @property
    def font(self) -> fonts.FontPair:
        """The chosen pair."""
        return fonts.PAIRS[self.font_pair]


def _is_word(key: str) -> bool:
    language, dot, name = key.rpartition(".")
    return name in DEFAULT_WORDS and (not dot or is_known(language))


def _readable_ink(ink: str, background: str | None) -> str:
    """A text colour that a brand chose freely; one that cannot be read is refused with the nearest that can."""
    ink = parse_hex(ink, "hero_ink")
    if background is None:
        raise InvalidInput({"hero_ink": gettext("Choose the colour behind the opening picture first.")})
    ratio = contrast(ink, background)
    if ratio < LEAST_CONTRAST:
        nearest = palette.nearest_readable(ink, background, LEAST_CONTRAST)
        raise InvalidInput({
            "hero_ink": gettext(
                "This text is hard to read: %(ratio)s : 1, and 4.5 : 1 is the least. %(nearest)s can be read.",
                ratio=f"{ratio:.1f}", nearest=nearest,
            ),
        })  # fmt: skip
    return ink


def palettes(tokens: BrandTokens) -> tuple[Palette, Palette]:
    """The light and the dark palette. A canvas belongs to the mode the brand is made for."""
    is_dark = tokens.mode == "dark"
    return _palettes(tokens.colour, None if is_dark else tokens.canvas, tokens.canvas if is_dark else None)


@lru_cache(maxsize=256)
def _palettes(colour: str, light_canvas: str | None, dark_canvas: str | None) -> tuple[Palette, Palette]:
    return palette.scheme(colour, canvas=light_canvas), palette.scheme(colour, dark=True, canvas=dark_canvas)


def css_for(tokens: BrandTokens) -> str:
    """The brand's style sheet.

    Colours reach every surface; type and shape are the storefront's only, since a pill-shaped brand would deform
    the back office. Plain hex stands first, for browsers that do not know light-dark().
    """
    light, dark = palettes(tokens)
    shop = ":root:not([data-app])"
    plain = _rule(":root", light) + (_rule(shop, dark) if tokens.mode == "dark" else "")
    if tokens.mode == "auto":
        plain += f"@media (prefers-color-scheme: dark) {{\n{_rule(':root', dark)}}}\n"
    both = {role: f"light-dark({light[role]}, {dark[role]})" for role in light}
    modern = f"@supports (color: light-dark(#000, #fff)) {{\n{_rule(':root', both)}}}\n"
    return f"@layer brand {{\n{plain}{modern}{_rule(shop, _shape(tokens), scheme=_color_scheme(tokens))}}}\n"


def _rule(selector: str, properties: Mapping[str, str], scheme: str = "") -> str:
    lines = [f"  --{name}: {value};" for name, value in properties.items()]
    if scheme:
        lines.insert(0, f"  color-scheme: {scheme};")
    return f"{selector} {{\n" + "\n".join(lines) + "\n}\n"


def _color_scheme(tokens: BrandTokens) -> str:
    return "light dark" if tokens.mode == "auto" else tokens.mode


def _shape(tokens: BrandTokens) -> dict[str, str]:
    """Type, corners, spacing and the opening picture's colours."""
    font = tokens.font
    shape = {
        "font-display": font.display,
        "font-body": font.body,
        "display-weight": str(tokens.display_weight or font.weight),
        "display-tracking": "0" if tokens.display_case == "uppercase" else font.tracking,
        "display-leading": font.leading,
        "display-case": tokens.display_case,
        "media-ratio": {"portrait": "4 / 5", "square": "1 / 1", "landscape": "5 / 4"}[tokens.picture_shape],
        "rhythm": {"compact": "0.72", "normal": "1", "airy": "1.28"}[tokens.density],
    }
    shape |= _corners(tokens.radius)
    if tokens.hero_colour:
        shape |= palette.hero(tokens.hero_colour, tokens.hero_ink)
    return shape


def _corners(radius: int) -> dict[str, str]:
    """One number gives four corners; from 20 px on, controls become pills."""
    is_pill = radius >= 20
    return {
        "radius": f"{radius}px",
        "radius-control": "999px" if is_pill else f"{max(radius - 2, min(radius, 2))}px",
        "radius-media": f"{radius + 6 if is_pill else max(radius - 2, min(radius, 2))}px",
        "radius-chip": "999px" if is_pill else f"{max(radius - 3, min(radius, 2))}px",
    }


def css_hash(css: str) -> str:
    """The name a style sheet is served under: what is in it."""
    return hashlib.sha256(css.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Theme:
    """What templates see as `brand`."""

    name: str
    tokens: BrandTokens = field(default_factory=BrandTokens)
    logo_url: str = ""
    is_draft: bool = False
    is_platform: bool = False
    scheme: str = ""

    @property
    def css(self) -> str:
        """The style sheet's text."""
        return _css_of(msgspec.json.encode(self.tokens))

    @property
    def css_hash(self) -> str:
        """The style sheet's name."""
        return css_hash(self.css)

    @property
    def css_url(self) -> str:
        """Where the style sheet is served, for ever."""
        return f"/_brand/{self.css_hash}.css"

    def icon_url(self, file: str) -> str:
        """The address of an icon made from the logo or the initials: `32.png`, `180.png`, `512.png`, `maskable.png`."""
        return f"/_brand/{self.icon_version}/{file}"

    @property
    def icon_version(self) -> str:
        """Changes when an icon would look different."""
        return css_hash("|".join((self.name, self.tokens.colour, self.tokens.mode, self.tokens.logo_key or "")))[:12]

    @property
    def social_card_url(self) -> str:
        """The picture that shows when somebody shares the shop's address: 1200 by 630 pixels, kept for ever."""
        return self.card_url()

    def card_url(self, kind: str = "", handle: str = "") -> str:
        """The same for one page: kind is "products", "collections" or "pages"."""
        return f"/_brand/{self.card_version}/card{f'-{kind}-{handle}' if kind else ''}.png"

    @property
    def card_version(self) -> str:
        """Changes when a social card would look different."""
        look = (self.name, self.css_hash, self.tokens.logo_key or "", str(self.tokens.logo_alone))
        return css_hash("|".join(look))[:12]

    @property
    def layouts(self) -> dict[str, str]:
        """The layout variants as data attributes of the page: style sheets choose by them."""
        tokens = self.tokens
        return {
            "hero": tokens.hero_layout, "card": tokens.card_layout, "header": tokens.header_layout,
            "tiles": tokens.tile_layout, "reasons": tokens.reasons_layout, "footer": tokens.footer_layout,
            "pictures": tokens.picture_look, "density": tokens.density, "case": tokens.display_case,
        }  # fmt: skip

    @property
    def initials(self) -> str:
        """One or two letters that stand for the shop where it has no logo."""
        words = [word for word in self.name.replace("&", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "•"

    @property
    def colours(self) -> Palette:
        """The palette in plain hex of the mode that the brand is made for: mails and icons know no light-dark()."""
        light, dark = palettes(self.tokens)
        return dark if self.tokens.mode == "dark" else light

    @property
    def mail_colours(self) -> dict[str, str]:
        """Hex colours for mails, always on light paper: `{{ brand.mail_colours.brand }}`, `ink_muted` and so on."""
        light, _ = palettes(self.tokens)
        return {role.replace("-", "_"): colour for role, colour in light.items()}

    @property
    def theme_colours(self) -> tuple[tuple[str, str], ...]:
        """(media query, colour) for the browser's own bars; the query is empty where one colour does."""
        light, dark = palettes(self.tokens)
        if self.tokens.mode == "auto":
            return ("(prefers-color-scheme: light)", light["canvas"]), ("(prefers-color-scheme: dark)", dark["canvas"])
        return (("", self.colours["canvas"]),)

    @property
    def contrast_rows(self) -> list[tuple[str, float, float]]:
        """(what, ratio, least) for the pairs that matter most, worst of both modes."""
        rows = (
            (gettext("Button label"), "on-brand", "brand", 4.5),
            (gettext("Links"), "brand-ink", "canvas", 4.5),
            (gettext("Body text"), "ink", "canvas", 7.0),
            (gettext("Focus ring"), "brand-line", "canvas", 3.0),
        )
        both = palettes(self.tokens)
        found = [(label, round(min(contrast(p[a], p[b]) for p in both), 1), least) for label, a, b, least in rows]
        if self.tokens.hero_colour:
            opening = palette.hero(self.tokens.hero_colour, self.tokens.hero_ink)
            ratio = contrast(opening["hero-ink"], opening["hero-bg"])
            found.append((gettext("Opening text"), round(ratio, 1), LEAST_CONTRAST))
        return found

    def word(self, key: str) -> str:
        """What this brand calls a thing."""
        return self.tokens.word(key)


@lru_cache(maxsize=512)
def _css_of(encoded: bytes) -> str:
    return css_for(msgspec.json.decode(encoded, type=BrandTokens))


def known_css(name: str) -> str | None:
    """The style sheet of a look that needs no database: the platform's, a new shop's and nobody's."""
    return next((one.css for one in (NEUTRAL, PLATFORM, Theme("")) if one.css_hash == name), None)


PLATFORM = Theme(
    name="Livery", tokens=BrandTokens(colour="#1f4fd8", radius=8, font_pair="instrument"), is_platform=True
)
NEUTRAL = Theme(name="", tokens=BrandTokens(colour="#44474d", radius=6, font_pair="system"))
