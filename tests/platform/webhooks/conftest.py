"""A receiver that listens on this machine, and the senders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from app import settings
from app.core import db, relay
from app.core.events import Fact, publish
from app.platform.staff import queries as staff
from app.platform.webhooks import service
from app.platform.webhooks.pump import Pump, connect
from app.platform.webhooks.schemas import EndpointForm
from app.shop.orders.events import OrderPlaced


@dataclass
class Receiver:
    """Another program: notes what comes, and answers as told."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    """Set: answers come at once."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/news"

    @property
    def types(self) -> list[str]:
        """The kinds of news that came, in order."""
        return [msgspec.json.decode(body)["type"] for _, body in self.seen]


@pytest.fixture
def receivers() -> Iterator[Callable[[], Receiver]]:
    """Starts receivers, each on a port of its own."""
    servers = []

    def start() -> Receiver:
        told = Receiver()
        told.hold.set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.seen.append((dict(self.headers), body))
                told.hold.wait(20)
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(told.answer)))
                self.end_headers()
                self.wfile.write(told.answer)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        told.port = server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append((server, told))
        return told

    yield start
    for server, told in servers:
        told.hold.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def receiver(receivers: Callable[[], Receiver]) -> Receiver:
    """One of them."""
    return receivers()


@pytest.fixture
def opened(configured: settings.Settings) -> Iterator[None]:
    """The operator has opened this machine's own network."""
    before = settings.current()
    settings.use(replace(before, open_networks="127.0.0.0/8"))
    yield
    settings.use(before)


@pytest.fixture
def owner(shop: Any, in_shop: Any) -> Any:
    """Who changes endpoints in these tests."""
    return staff.actor_of(staff.staff_by_email(shop.owner_email))  # type: ignore[arg-type]  # the owner exists


@pytest.fixture
def endpoint(opened: None, receiver: Receiver, owner: Any) -> Any:
    """An endpoint for the receiver that is told of orders, with its secret as `.text`."""
    return added(receiver.url, owner)


def added(url: str, owner: Any, *facts: str) -> Any:
    """Add an endpoint; its secret is `.text`."""
    chosen = list(facts) or ["orders.order_placed", "orders.order_paid"]
    row, secret = service.add_endpoint(EndpointForm(url=url, facts=chosen), by=owner)
    row.text = secret
    db.session.commit()
    return row


def happen(*facts: Fact) -> None:
    """Publish facts, commit, and let the relay make deliveries."""
    for fact in facts:
        publish(fact)
    db.session.commit()
    relay.relay_all()


def placed(order_id: Any, number: str = "1001") -> OrderPlaced:
    """An order was placed."""
    return OrderPlaced(order_id=order_id, number=number)


@pytest.fixture
def pump(app: Any) -> Iterator[Pump]:
    """The senders; `pump.drain()` sends what is due."""
    made = Pump()
    yield made
    made._threads.shutdown(wait=True)
    with connect() as connection:  # the receivers are gone: nobody is to call them in a later test
        connection.execute("delete from webhook_endpoint")
