"""The only way out: one HTTP client that cannot be talked into reaching what is ours.

A name is resolved once, every address is checked against our own list, and the connection goes to the very address
that was checked: a name that changes its answer in between gains nothing. Redirects are not followed, the system's
proxy settings are ignored, answers have a size and a time limit, and a host that keeps failing is left alone a while.
"""

from __future__ import annotations

import io
import ipaddress
import logging
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from PIL import Image, UnidentifiedImageError

from app import settings
from app.core import breaker
from app.core.i18n import gettext

log = logging.getLogger("app.http")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
TOTAL_SECONDS = 20.0
LARGEST_ANSWER = 10 * 1024 * 1024
LARGEST_PICTURE = 20 * 1024 * 1024
PORTS = {80, 443}
PICTURE_FORMATS = {"JPEG", "PNG", "GIF", "WEBP", "AVIF"}

# Python's own is_private and is_global each miss some of these. Sources: IANA special-purpose registries (RFC 6890),
# RFC 6598 (100.64/10), and 168.63.129.16, a cloud's metadata service on a public address.
_DENIED = tuple(
    ipaddress.ip_network(network)
    for network in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "168.63.129.16/32",
    ]
)
# Of IPv6 only what is handed out to the public (2000::/3), without the parts that wrap an IPv4 address or lead nowhere.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
)


class FetchFailed(Exception):
    """It could not be fetched; the message is a sentence for a person and tells nothing of our network."""


class Refused(FetchFailed):
    """The address is one that we do not call."""


class TooLarge(FetchFailed):
    """The answer is larger than it may be."""


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
    largest: int = LARGEST_ANSWER,
) -> httpx.Response:
    """Ask for an address and read its whole answer, whatever its status.

    Safe to call from any thread and outside every tenant; never inside a transaction. Raises FetchFailed.
    """
    try:
        with client().stream(method, url, headers=headers, content=content) as answer:
            return _read_whole(answer, largest)
    except FetchFailed:
        raise
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as problem:
        raise Refused(gettext("This is not a web address.")) from problem
    except httpx.TimeoutException as problem:
        raise FetchFailed(gettext("The other side took too long to answer.")) from problem
    except (httpx.HTTPError, OSError) as problem:
        raise FetchFailed(gettext("The other side could not be reached.")) from problem


def fetch_image(url: str) -> bytes:
    """The bytes of a picture, checked to be one. Raises FetchFailed."""
    answer = fetch(url, headers={"Accept": "image/avif,image/webp,image/*"}, largest=LARGEST_PICTURE)
    if answer.status_code != 200:
        raise FetchFailed(gettext("The picture's address answered %(status_code)s.", status_code=answer.status_code))
    try:
        with Image.open(io.BytesIO(answer.content)) as picture:
            known = picture.format in PICTURE_FORMATS
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise FetchFailed(gettext("What stands at this address is not a picture.")) from problem
    if not known:
        raise FetchFailed(gettext("This kind of picture is not supported: use JPEG, PNG, GIF, WebP or AVIF."))
    return answer.content


def client() -> httpx.Client:
    """The one client of this process; its transport is the guard, so every use of it is guarded."""
    return _client(settings.current().open_networks)


@lru_cache(maxsize=4)
def _client(open_networks: str) -> httpx.Client:
    """Building one costs 26 ms, so it is kept, for each set of networks that the operator has opened."""
    return guarded_client(open_to=parse_networks(open_networks))


def guarded_client(
    *, open_to: Iterable[Network] = (), resolve: Resolver | None = None, connections: int = 50, has_breaker: bool = True
) -> httpx.Client:
    """A client behind the guard; `open_to` are the networks that may be reached although they are private.

    Without a breaker every request is sent: for senders that keep their own account of who fails.
    """
    return httpx.Client(
        transport=GuardedTransport(tuple(open_to), resolve or resolve_all, connections, has_breaker),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        headers={"User-Agent": "Mozilla/5.0 (compatible; shop)"},
    )


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks by comma ("10.1.0.0/16, 192.168.7.4"); raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet and to nobody's inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _DENIED)
    if address.scope_id is not None or address not in _PUBLIC_V6:
        return False
    return not any(address in network for network in _DENIED_V6)


def resolve_all(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only: the check and the connection use one and the same address."""

    def __init__(self, open_to: tuple[Network, ...], resolve: Resolver) -> None:
        self.open_to, self.resolve = open_to, resolve
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve once, check every answer, connect to the first that takes us. TLS names the host afterwards."""
        problem: Exception = httpcore.ConnectError("no address")
        for address in self.allowed_addresses(host, port)[:4]:
            try:
                return self.plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                problem = failure
        raise problem

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Nothing of ours is called over a socket file."""
        raise Refused(gettext("This address is not called from here."))

    def allowed_addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host; raises Refused when a single one of them is not public or opened."""
        try:
            addresses = [ipaddress.ip_address(text) for text in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as problem:
            raise httpcore.ConnectError(f"{host} has no address") from problem
        if not addresses or not all(self._may_be_called(address, port) for address in addresses):
            raise Refused(gettext("This address is not called from here."))
        return [str(address) for address in addresses]

    def _may_be_called(self, address: Address, port: int) -> bool:
        if any(address.version == network.version and address in network for network in self.open_to):
            return True
        return port in PORTS and is_public(address)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport on guarded connections, with a breaker for each host."""

    def __init__(
        self, open_to: tuple[Network, ...], resolve: Resolver, connections: int = 50, has_breaker: bool = True
    ) -> None:
        super().__init__(trust_env=False, retries=0)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=connections,
            max_keepalive_connections=max(10, connections // 2),
            keepalive_expiry=15,
            network_backend=GuardedBackend(open_to, resolve),
        )
        self.breakers = breaker.Breakers(failures=5 if has_breaker else sys.maxsize, seconds=30)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse what is no plain web address, then send; failures open the host's breaker."""
        refuse_odd_address(request.url)
        key = f"{request.url.host}:{request.url.port or request.url.scheme}"
        if self.breakers.is_open(key):
            raise FetchFailed(gettext("The other side has failed several times; it is tried again shortly."))
        try:
            answer = super().handle_request(request)
        except httpx.TransportError:
            self.breakers.failed(key)
            raise
        self.breakers.succeeded(key)
        return answer


def refuse_odd_address(url: httpx.URL) -> None:
    """Raise Refused for other schemes, user names in the address, and spellings of numbers that hide an address."""
    host = url.raw_host.decode("ascii", "replace")
    if url.scheme not in {"http", "https"} or not host or url.userinfo:
        raise Refused(gettext("This is not a web address."))
    last = host.rstrip(".").rpartition(".")[2]
    looks_numeric = last.isdigit() or last[:2].lower() == "0x"
    if looks_numeric and not _is_plain_v4(host):
        raise Refused(gettext("This is not a web address."))


def refuse_typed_address(text: str) -> None:
    """Raise Refused for an address that somebody typed and that is never called from here.

    That is plain http, another port or a number of our own networks, unless the operator opened some network. A name
    is not looked up here, but at each call.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as problem:
        raise Refused(gettext("This is not a web address.")) from problem
    refuse_odd_address(url)
    opened = parse_networks(settings.current().open_networks)
    number = _number_in(url.raw_host.decode("ascii", "replace").strip("[]"))
    if number is not None and any(number.version == one.version and number in one for one in opened):
        return
    if number is not None and not is_public(number):
        raise Refused(gettext("This address is not called from here."))
    if not opened and url.scheme != "https":
        raise Refused(gettext("This must begin with https://."))
    if not opened and (url.port or 443) not in PORTS:
        raise Refused(gettext("Only the ports 80 and 443 are called from here."))


def _number_in(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_plain_v4(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _read_whole(answer: httpx.Response, largest: int) -> httpx.Response:
    """Read an answer within its limits; a slow drip ends at the total time."""
    ends = time.monotonic() + TOTAL_SECONDS
    content = bytearray()
    for piece in answer.iter_bytes(64 * 1024):
        content += piece
        if len(content) > largest:
            raise TooLarge(gettext("The answer is larger than %(largest)s MB.", largest=largest // 1024 // 1024))
        if time.monotonic() > ends:
            raise FetchFailed(gettext("The other side took too long to answer."))
    # iter_bytes has undone the transfer's encoding; what is handed on must not be decoded again.
    headers = [(n, v) for n, v in answer.headers.multi_items() if n not in {"content-encoding", "content-length"}]
    return httpx.Response(answer.status_code, headers=headers, content=bytes(content), request=answer.request)
