"""Finished storefront pages, answered before Flask is asked.

Who asks makes no difference to a page that is kept: its view says `@cacheable` and is rendered blind, with the host,
the path and the parameters it names, and without cookies, session or any other header. What comes out goes to everybody
who asks for the same address of the same tenant at the same version (core/shown.py). Visitors who have just changed
something, staff and those who preview a look go past all of this. Behind the process's own memory a shared Redis may
hold copies; they carry tenant and version in their key, and may be lost.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app import settings
from app.core import frames, isolation
from app.core.cache import SurvivableRedis
from app.core.finished import SECONDS, Made, Page, tag_of

BLIND = "app.blind"
"""Set in the environment of a request that is rendered for everybody."""

MADE = "app.made"
"""Where such a request says what its answer is once compressed, where it is known from an equal one."""

FRESH = "fresh"
"""The cookie of a browser that has just changed something: it goes past what is kept."""

_PAST = re.compile(r"(?:^|;)\s*(?:__Host-)?(?:staff|fresh|preview|preview-frame)=")
_LONGEST_QUERY = 1000
_LONGEST_PATH = 500
_LARGEST_PAGE = 1_000_000
_MOST_PARAMETERS = 40
_MOST_ASKED = 5000
_LONGEST_WAIT = 2.0
_VARY = "Accept-Encoding, HX-Request, HX-Request-Type, Cookie"

Environ = dict[str, Any]
Start = Callable[..., Any]


class Address(NamedTuple):
    """All that decides what a kept page says. The tenant and its version stand in every key."""

    tenant: uuid.UUID
    version: int
    scheme: str
    host: str
    path: str
    query: str
    is_fragment: bool

    @property
    def name(self) -> str:
        """Its name in a shared store."""
        rest = "\n".join((self.scheme, self.host, self.path, self.query, str(self.is_fragment)))
        return f"page:{self.tenant}:{self.version}:{hashlib.sha256(rest.encode()).hexdigest()}"


class Memory:
    """This process's pages, the least asked for leave first. Bounded in bytes, and for each tenant to a quarter."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._pages: OrderedDict[Address, Page] = OrderedDict()
        self._bytes_of: dict[uuid.UUID, int] = {}
        self._asked: OrderedDict[Address, None] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, address: Address) -> Page | None:
        """The page, when it is still good."""
        page = self._pages.get(address)
        if page is None:
            return None
        with self._lock:
            if page.is_over:
                self._drop(address)
                return None
            if address in self._pages:
                self._pages.move_to_end(address)
        return page

    def keep(self, address: Address, page: Page) -> None:
        """Keep a page. One with parameters only when it is asked for again: their values are anybody's choice."""
        with self._lock:
            if page.size > self.most_bytes // 8 or (address.query and self._is_asked_first(address)):
                return
            self._drop(address)
            self._pages[address] = page
            self._count(address.tenant, page.size)
            while self._bytes_of.get(address.tenant, 0) > self.most_bytes // 4:
                self._drop(next(one for one in self._pages if one.tenant == address.tenant))
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._pages)))

    def _is_asked_first(self, address: Address) -> bool:
        is_first = address not in self._asked
        self._asked[address] = None
        while len(self._asked) > _MOST_ASKED:
            self._asked.popitem(last=False)
        return is_first

    def _drop(self, address: Address) -> None:
        page = self._pages.pop(address, None)
        if page is not None:
            self._count(address.tenant, -page.size)

    def _count(self, tenant: uuid.UUID, size: int) -> None:
        self.bytes += size
        self._bytes_of[tenant] = self._bytes_of.get(tenant, 0) + size
        if not self._bytes_of[tenant]:
            del self._bytes_of[tenant]


class Shared:
    """Copies for all processes in Redis, as bytes. Dead, slow or full of rubbish, it is a miss."""

    def __init__(self, store: SurvivableRedis) -> None:
        self.store = store

    def get(self, address: Address) -> Page | None:
        """The page, when one is there and still good."""
        found = self.store.get(address.name)
        if found is None:
            return None
        try:
            page = _decoder.decode(found)
        except msgspec.DecodeError:
            return None
        return None if page.is_over else page

    def keep(self, address: Address, page: Page) -> None:
        """Hand a copy to the other processes."""
        self.store.set(address.name, _encoder.encode(page), timeout=SECONDS)


class PageCache:
    """WSGI: answers what is kept, renders blind what may be kept, and hands on the rest untouched."""

    def __init__(self, app: Flask, behind: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.behind = app, behind
        configured = settings.current()
        self.memory = Memory(configured.page_cache_mb * 1024 * 1024)
        self.shared = Shared(SurvivableRedis.at(configured.redis_url)) if configured.redis_url else None
        self._named: dict[str, tuple[str, ...] | None] = {}
        self._making: dict[Address, threading.Event] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """One request."""
        address = self.address(environ)
        if address is None:
            return self.behind(environ, start)
        page = self.memory.get(address)
        if page is not None:
            return page.answer(environ, start)
        page = self._from_shared(address) or self._awaited(address)
        if page is not None:
            return page.answer(environ, start)
        try:
            return self._render(address, environ, start)
        finally:
            self._is_made(address)

    def address(self, environ: Environ) -> Address | None:
        """What is asked for, when the answer may be the same for everybody and this process knows whose it is."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or _PAST.search(environ.get("HTTP_COOKIE", "")):
            return None
        raw = environ.get("QUERY_STRING", "")
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if len(raw) > _LONGEST_QUERY or len(path) > _LONGEST_PATH or not frames.are_believed():
            return None
        named = self._parameters_of(path)
        host = _plain_host(environ.get("HTTP_HOST", ""))
        tenant = frames.known.host(host) if host and named is not None else None
        if tenant is None or tenant.status != "open" or named is None:
            return None
        version = frames.known.versions.get(tenant.id)
        query = _plain_query(raw, named) if raw else ""
        if version is None or query is None:
            return None
        scheme = "https" if environ.get("wsgi.url_scheme") == "https" else "http"
        return Address(tenant.id, version, scheme, host, path, query, _is_fragment(environ))

    def _parameters_of(self, path: str) -> tuple[str, ...] | None:
        """The parameters that the view behind a path looks at; None when its page may not be kept."""
        if path not in self._named:
            if len(self._named) > _MOST_ASKED:
                self._named.clear()
            self._named[path] = self._look_up(path)
        return self._named[path]

    def _look_up(self, path: str) -> tuple[str, ...] | None:
        routes = self.app.url_map.bind("localhost")
        _, _, behind_language = path[1:].partition("/")
        for candidate in (path, f"/{behind_language}"):
            try:
                endpoint, _ = routes.match(candidate, "GET")
            except (RequestRedirect, HTTPException):
                continue
            found: tuple[str, ...] | None = getattr(self.app.view_functions[endpoint], "__cacheable__", None)
            return found
        return None

    def _awaited(self, address: Address) -> Page | None:
        """The page that another thread is making at this moment: a crowd at one address costs one page."""
        mine = threading.Event()
        making = self._making.setdefault(address, mine)
        if making is mine or address.query or not making.wait(_LONGEST_WAIT):
            return None
        return self.memory.get(address)

    def _is_made(self, address: Address) -> None:
        making = self._making.pop(address, None)
        if making is not None:
            making.set()

    def _from_shared(self, address: Address) -> Page | None:
        page = self.shared.get(address) if self.shared is not None else None
        if page is not None:
            self.memory.keep(address, page)
        return page

    def _render(self, address: Address, environ: Environ, start: Start) -> Iterable[bytes]:
        """Ask Flask as nobody in particular; keep a whole page, hand on anything else as it came."""
        said: list[Any] = []
        blind = _blind(environ, address)
        answered = self.behind(blind, lambda *words: said.append(words))
        try:
            body = b"".join(answered)
        finally:
            if hasattr(answered, "close"):
                answered.close()
        status, headers = said[-1][:2]
        made: Made | None = blind.get(MADE)
        if made is not None and made.said != body:
            made = None  # the view, or what came after it, answers with something else
        page = _page_of(address, status, headers, body, made)
        if page is None:
            body = gzip.decompress(made.packed) if made else body
            headers = [pair for pair in headers if pair[0] != "Content-Length"]
            start(status, [*headers, ("Content-Length", str(len(body)))])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        self.memory.keep(address, page)
        if self.shared is not None and not address.query:
            self.shared.keep(address, page)
        return page.answer(environ, start)


def init_app(app: Flask, *, surfaces: frozenset[str]) -> None:
    """Stand in front of Flask in the processes that answer shoppers. Opens no connection."""
    if "storefront" in surfaces and settings.current().page_cache == "on":
        app.extensions["pages"] = cache = PageCache(app, app.wsgi_app)
        app.wsgi_app = cache  # type: ignore[method-assign,assignment]  # Flask's own way


def goes_past(cookies: str) -> bool:
    """Does a browser with these cookies see everything as it is at this moment?"""
    return _PAST.search(cookies) is not None


def _blind(environ: Environ, address: Address) -> Environ:
    """The same question from nobody: no cookie, no header but the host, no parameter that the view does not name."""
    blind = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
    blind |= {"HTTP_HOST": address.host, "QUERY_STRING": address.query, "REQUEST_METHOD": "GET", BLIND: True}
    if address.is_fragment:
        blind |= {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    return blind


def _page_of(
    address: Address, status: str, headers: list[tuple[str, str]], body: bytes, made: Made | None
) -> Page | None:
    """The answer as a page to keep; None for what is nobody's page or somebody's."""
    names = {name.lower(): value for name, value in headers}
    is_page = status.startswith("200 ") and names.get("content-type", "").startswith("text/html")
    if not is_page or "set-cookie" in names or "content-encoding" in names or len(body) > _LARGEST_PAGE:
        return None
    left = {"content-length", "vary", "etag", "date"}
    kept = [(name, value) for name, value in headers if name.lower() not in left]
    kept.append(("Vary", _VARY))
    if made is not None:
        return Page(kept, b"", made.tag, time.time(), made.packed)
    return Page(kept, body, tag_of(address.tenant, body), time.time())


def _plain_query(raw: str, named: tuple[str, ...]) -> str | None:
    """The parameters that the view names, in one order; None for a preview and for what cannot be read."""
    try:
        given = parse_qsl(raw, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None
    if any(name == "preview" for name, _ in given):
        return None
    return urlencode(sorted((pair for pair in given if _is_named(pair[0], named)), key=lambda pair: pair[0]))


def _is_named(name: str, named: tuple[str, ...]) -> bool:
    return any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in named)


def _is_fragment(environ: Environ) -> bool:
    return (
        environ.get("HTTP_HX_REQUEST") == "true" and environ.get("HTTP_HX_REQUEST_TYPE", "partial") == "partial"
    )  # as core/web.py's is_fragment_request


@functools.lru_cache(maxsize=1000)
def _plain_host(raw: str) -> str:
    return isolation.normalise_host(raw) or ""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Page)
