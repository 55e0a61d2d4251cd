"""Text from people: made comparable, made safe, made into addresses."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import idna
import nh3

from app.core.later import later

if TYPE_CHECKING:
    import markdown_it
else:
    markdown_it = later("markdown_it")

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,190}")
_SAFE_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption",
    "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_SAFE_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "abbr": {"title"},
}
_TOP_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)


def fold(text: str) -> str:
    """Make text comparable for people: lower case, no accents, single spaces ("Crème  Brûlée" is "creme brulee")."""
    lowered = text.casefold().translate(_LETTERS_WITHOUT_DECOMPOSITION)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def name_keys(name: str) -> tuple[str, str]:
    """A name as searches compare it, and the same with its last word first: ("ines duarte", "duarte ines")."""
    key = fold(name)
    rest, _, last = key.rpartition(" ")
    return key, f"{last} {rest}".strip()


def slugify(text: str, *, longest: int = 80) -> str:
    """Turn a title into the part of an address it may stand in; "" when nothing of it can."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(text).replace("'", "").replace("’", "")).strip("-")
    return words[:longest].rstrip("-")


def normalise_email(address: str) -> str:
    """Give an e-mail address the one spelling that is stored and compared.

    The domain goes through IDNA; a text that is no address comes back trimmed and in lower case, so look-ups
    simply find nobody. Forms ask `looks_like_email` first.
    """
    trimmed = unicodedata.normalize("NFKC", address).strip().lower()
    local, at, domain = trimmed.rpartition("@")
    if not at:
        return trimmed
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return trimmed


def looks_like_email(address: str) -> bool:
    """Say whether mail could be sent there: one @, a domain with a dot, no spaces or control characters."""
    normal = normalise_email(address)
    domain = normal.rpartition("@")[2]
    is_dotted = "." in domain and all(domain.split("."))
    return is_dotted and normal.isprintable() and _EMAIL.fullmatch(normal) is not None


def safe_html(html: str) -> str:
    """Keep what a shop text needs and drop everything else.

    Scripts, styles, event attributes and foreign pictures go; links keep http, https, mailto and tel. A page has
    its own h1, so the text's becomes an h2.
    """
    return nh3.clean(
        _TOP_HEADING.sub(r"<\1h2", html),
        tags=_SAFE_TAGS,
        attributes=_SAFE_ATTRIBUTES,
        attribute_filter=_only_own_pictures,
        clean_content_tags={"script", "style"},
        link_rel="noopener nofollow",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def markdown(text: str) -> str:
    """Turn Markdown (CommonMark with tables and strike-through) into safe HTML; HTML inside it stays visible text."""
    return safe_html(_markdown().render(text))


def is_local_path(path: str | None) -> bool:
    """Say whether a "next" address stays on this host: a path with one leading slash, checked after decoding.

    Browsers read a backslash as a slash and drop tabs and line breaks, so those are refused as well.
    """
    if not path or len(path) > 2000:
        return False
    decoded = _fully_decoded(path)
    if decoded is None or not decoded.startswith("/") or not path.startswith("/"):
        return False
    return not decoded.startswith("//") and "\\" not in decoded and decoded.isprintable()


def _fully_decoded(path: str) -> str | None:
    """Undo percent signs until nothing changes; None for a text that hides deeper than anyone honest would."""
    for _ in range(4):
        decoded = unquote(path)
        if decoded == path:
            return decoded
        path = decoded
    return None


def _only_own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Foreign pictures would tell a stranger who looks at the page, and the browser's policy refuses them anyway."""
    if tag == "img" and attribute == "src":
        return value if is_local_path(value) else None
    return value


@cache
def _markdown() -> "markdown_it.MarkdownIt":
    """CommonMark with tables, and without HTML of its own."""
    return markdown_it.MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
