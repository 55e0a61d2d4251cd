"""The only way out reaches the public internet and nothing of ours."""

import contextlib
import gzip
import io
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from PIL import Image

from app.core import http
from app.core.http import FetchFailed, Refused, TooLarge, guarded_client, parse_networks

LOOPBACK = parse_networks("127.0.0.0/8")


class _Answers(BaseHTTPRequestHandler):
    """A secret, a picture, a redirect, something long, and something that ends early."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers.get("Host", "")))
        if self.path == "/redirect":
            return self._send(302, b"", Location="http://169.254.169.254/")
        if self.path == "/broken":
            self.close_connection = True
            return self.connection.close()
        bodies = {
            "/secret": b"the secret",
            "/long": b"x" * 300_000,
            "/picture": _picture(),
            "/bomb": gzip.compress(b"0" * 900_000),
        }
        extra = {"Content-Encoding": "gzip"} if self.path == "/bomb" else {}
        return self._send(200 if self.path in bodies else 404, bodies.get(self.path, b""), **extra)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Inside(ThreadingHTTPServer):
    """Says nothing about visitors who leave early: that is what many of these tests are about."""

    def handle_error(self, *_: object) -> None:
        """Quiet."""


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def inside() -> Iterator[int]:
    """A server on this machine that nobody outside should reach; gives its port."""
    server = _Inside(("127.0.0.1", 0), _Answers)
    _Answers.seen.clear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator has opened this machine's own network."""
    client = guarded_client(open_to=LOOPBACK)
    monkeypatch.setattr(http, "client", lambda: client)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://0x7f000001/", "http://2130706433/", "http://127.1/",
        "http://0177.0.0.1/", "http://0/", "http://１２７.0.0.1/", "http://127。0。0。1/", "http://[::1]/", "http://[::]/",
        "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/",
        "http://[fd00::1]/", "http://[fe80::1]/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.0.1/",
        "http://100.64.0.1/", "http://169.254.169.254/", "http://168.63.129.16/", "http://224.0.0.1/",
        "http://255.255.255.255/", "http://198.18.0.1/", "http://user:word@example.com/", "ftp://example.com/",
        "file:///etc/passwd", "gopher://example.com/", "http:///", "", "not an address", "http://1.1.1.1:22/",
        "https://1.1.1.1:8443/",
    ],
)  # fmt: skip
def test_what_is_not_a_public_web_address_is_refused(url):
    with pytest.raises(FetchFailed):
        http.fetch(url)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_are_allowed(address):
    backend = http.GuardedBackend((), lambda host, port: [address])

    assert backend.allowed_addresses("shop.example", 443) == [address]


def test_one_private_address_among_public_ones_refuses_the_name():
    backend = http.GuardedBackend((), lambda host, port: ["1.1.1.1", "10.0.0.1"])

    with pytest.raises(Refused):
        backend.allowed_addresses("shop.example", 443)


def test_the_operator_may_open_a_network_with_all_its_ports(inside, opened):
    assert http.fetch(f"http://127.0.0.1:{inside}/secret").content == b"the secret"


def test_without_that_the_same_server_is_out_of_reach(inside):
    with pytest.raises(Refused):
        http.fetch(f"http://127.0.0.1:{inside}/secret")

    assert _Answers.seen == []


class _Rebinding:
    """A name that is public when it is checked and private when it is used."""

    def __init__(self, first: str) -> None:
        self.answers, self.asked = [first], 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return [self.answers.pop()] if self.answers else ["127.0.0.1"]


def test_a_name_that_changes_its_answer_gains_nothing(inside, monkeypatch):
    connected: list[str] = []
    rebinding = _Rebinding("1.1.1.1")
    backend = http.GuardedBackend((), rebinding)
    monkeypatch.setattr(backend.plain, "connect_tcp", lambda address, *_: connected.append(address))

    backend.connect_tcp("evil.example", 80)

    assert connected == ["1.1.1.1"]
    assert rebinding.asked == 1


def test_control_checking_first_and_fetching_then_is_beaten_by_that_name(inside):
    rebinding = _Rebinding("1.1.1.1")
    assert http.is_public(http.ipaddress.ip_address(rebinding("evil.example", 80)[0]))

    address = rebinding("evil.example", inside)[0]
    answer = httpx.get(f"http://{address}:{inside}/secret", trust_env=False)

    assert answer.content == b"the secret"


def test_the_other_side_still_sees_the_name_that_was_asked_for(inside, monkeypatch):
    client = guarded_client(open_to=LOOPBACK, resolve=lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(http, "client", lambda: client)

    http.fetch(f"http://shop.example:{inside}/secret")

    assert _Answers.seen == [("/secret", f"shop.example:{inside}")]


def test_over_tls_the_name_is_asked_for_and_an_untrusted_certificate_is_refused(monkeypatch, untrusted_tls):
    asked: list[str] = []
    untrusted_tls.sni_callback = lambda connection, name, context: asked.append(name)
    client = guarded_client(open_to=LOOPBACK, resolve=lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(http, "client", lambda: client)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_greet, args=(server, untrusted_tls), daemon=True)
        thread.start()

        with pytest.raises(FetchFailed, match="could not be reached"):
            http.fetch(f"https://shop.example:{server.getsockname()[1]}/")
        thread.join(5)

    assert asked == ["shop.example"]


def _greet(server: socket.socket, tls: ssl.SSLContext) -> None:
    """Shake hands with one visitor, who leaves when the certificate is shown."""
    connection, _ = server.accept()
    with contextlib.suppress(OSError), tls.wrap_socket(connection, server_side=True):
        pass


def test_a_redirect_is_not_followed(inside, opened):
    answer = http.fetch(f"http://127.0.0.1:{inside}/redirect")

    assert answer.status_code == 302
    assert len(_Answers.seen) == 1


def test_proxies_of_the_environment_are_ignored(inside, opened, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert http.fetch(f"http://127.0.0.1:{inside}/secret").status_code == 200


def test_an_answer_that_is_too_large_is_cut_off(inside, opened):
    with pytest.raises(TooLarge):
        http.fetch(f"http://127.0.0.1:{inside}/long", largest=100_000)


def test_a_small_answer_that_unpacks_into_a_large_one_is_cut_off_too(inside, opened):
    with pytest.raises(TooLarge):
        http.fetch(f"http://127.0.0.1:{inside}/bomb", largest=100_000)


def test_the_total_time_is_limited(inside, opened, monkeypatch):
    monkeypatch.setattr(http, "TOTAL_SECONDS", -1)

    with pytest.raises(FetchFailed, match="too long"):
        http.fetch(f"http://127.0.0.1:{inside}/long")


def test_a_picture_is_fetched(inside, opened):
    assert http.fetch_image(f"http://127.0.0.1:{inside}/picture") == _picture()


@pytest.mark.parametrize(("path", "sentence"), [("/secret", "not a picture"), ("/missing", "answered 404")])
def test_what_is_not_a_picture_is_refused_with_a_sentence_and_never_echoed(inside, opened, path, sentence):
    with pytest.raises(FetchFailed, match=sentence) as refusal:
        http.fetch_image(f"http://127.0.0.1:{inside}{path}")

    assert "the secret" not in str(refusal.value)


def test_a_host_that_keeps_failing_is_left_alone_for_a_while(inside, opened):
    for _ in range(5):
        with pytest.raises(FetchFailed, match="could not be reached"):
            http.fetch(f"http://127.0.0.1:{inside}/broken")

    with pytest.raises(FetchFailed, match="tried again shortly"):
        http.fetch(f"http://127.0.0.1:{inside}/secret")


def test_a_host_that_answers_is_not_left_alone(inside, opened):
    for _ in range(12):
        http.fetch(f"http://127.0.0.1:{inside}/missing")

    assert len(_Answers.seen) == 12


def test_a_name_without_an_address_is_a_sentence(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = guarded_client()
    monkeypatch.setattr(http, "client", lambda: client)

    with pytest.raises(FetchFailed, match="could not be reached"):
        http.fetch("http://no-such.example/")


def test_a_network_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError):
        parse_networks("10.0.0.0/8, somewhere")
