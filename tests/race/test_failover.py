"""The primary dies under programs that order: a standby goes on, nothing acknowledged is lost, nobody notices."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from app import settings
from app.core.ids import to_public
from app.core.postgres import Server
from app.core.rest import PREFIX
from app.shop.catalog.api.entrance import VARIANT
from tests.race.conftest import Live, wait_until

HOME = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}


class Pair:
    """A primary and a standby that has what the primary acknowledged, both copies of this run's server."""

    def __init__(self, original: Server, folder: Path) -> None:
        self.primary, self.standby = (Server(folder / name) for name in ("primary", "standby"))
        for one in (self.primary, self.standby):
            (one.home / "secrets.json").write_bytes((original.home / "secrets.json").read_bytes())
            one.folder.mkdir(parents=True, exist_ok=True)
            one.account.own(one.folder)
        copy = ("--checkpoint=fast", "--wal-method=stream", "--no-sync", "--dbname")
        original._run("pg_basebackup", "--pgdata", str(self.primary.data), *copy, original.url("postgres", "postgres"))
        self.primary._launch()
        address = self.primary.url("postgres", "postgres")
        self.primary._run("pg_basebackup", "--pgdata", str(self.standby.data), "--write-recovery-conf", *copy, address)
        self.standby._launch()
        self.ask(self.primary, "alter system set synchronous_standby_names = '*'")
        self.ask(self.primary, "select pg_reload_conf()")
        wait_until(
            lambda: self.ask(self.primary, "select 1 from pg_stat_replication where sync_state = 'sync'"), "the standby"
        )

    def ask(self, server: Server, words: str) -> list[tuple[object, ...]]:
        """A statement as the superuser."""
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            found = connection.execute(words)
            return found.fetchall() if found.description else []

    def both(self, url: str) -> str:
        """An address of the original as one of both, of which the one that takes changes is wanted."""
        told = conninfo_to_dict(url)
        sockets = ",".join(str(one._socket_folder()) for one in (self.primary, self.standby))
        return (
            f"postgresql://{told['user']}:{told['password']}@/{told['dbname']}"
            f"?host={sockets}&target_session_attrs=read-write"
        )

    def fail_over(self) -> None:
        """kill -9 of the primary; the standby is told to take its place."""
        assert self.primary._process is not None
        self.primary._process.kill()
        self.primary._process.wait()
        self.ask(self.standby, "select pg_promote()")

    def end(self) -> None:
        """Stop what still runs."""
        for one in (self.standby, self.primary):
            one.stop()


@pytest.fixture
def pair(server: Server, tmp_path: Path, ordering) -> Iterator[Pair]:
    """Made when the shop and its goods are there."""
    made = Pair(server, server.home / f"pair-{tmp_path.name}")
    yield made
    made.end()


@pytest.fixture
def both(pair: Pair, configured: settings.Settings, tmp_path: Path) -> Iterator[Live]:
    """The product on the two."""
    urls = {name: pair.both(getattr(configured, name)) for name in ("database_url", "operator_url", "owner_url")}
    live = Live(replace(configured, **urls), tmp_path)
    yield live
    live.kill()


@pytest.fixture
def ordering(shop, sell, make_key) -> tuple[str, dict[str, object]]:
    """A key, and an order of one thing of which there is enough. Made before the pair, which copies them."""
    return make_key(), {
        "lines": [{"variant_id": to_public(VARIANT, sell(title="Moon vase", on_hand=100_000)), "quantity": 1}],
        "email": "d@example.com", "shipping_address": HOME, "payment": "paid",
    }  # fmt: skip


class Crowd:
    """Programs that order, and somebody who looks at pages and at the API, until told to stop."""

    def __init__(self, live: Live, shop, ordering: tuple[str, dict[str, object]]) -> None:
        key, self.order = ordering
        port = live.configured.port
        headers = {"Host": f"{shop.host}:{port}", "Authorization": f"Bearer {key}"}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60)
        self.numbers, self.stop = itertools.count(), threading.Event()
        self.taken: dict[str, tuple[float, str]] = {}
        """By the key of each acknowledged order, when that was and its id."""
        self.refused: list[tuple[str, int]] = []
        self.seen = 0

    def place(self, name: str) -> httpx.Response:
        """Order under a key."""
        return self.http.post(f"{PREFIX}/orders", json=self.order, headers={"Idempotency-Key": name})

    def order_on(self) -> None:
        while not self.stop.is_set():
            name = f"order-{next(self.numbers)}"
            answer = self.place(name)
            if answer.status_code == 201:
                self.taken[name] = (time.monotonic(), answer.json()["id"])
            else:
                self.refused.append((name, answer.status_code))

    def look_on(self) -> None:
        for path in itertools.cycle(("/products/moon-vase", f"{PREFIX}/orders?limit=2", "/cart", "/search?q=vase")):
            if self.stop.is_set():
                break
            status = self.http.get(path).status_code
            self.seen += 1
            if status != 200:
                self.refused.append((path, status))

    def lives_through(self, fail_over: Callable[[], None]) -> tuple[int, int, float]:
        """Acknowledged orders before and after, and the longest while without one in seconds."""
        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(act) for act in (self.order_on, self.order_on, self.order_on, self.look_on)]
            try:
                wait_until(lambda: (len(self.taken) > 20 and self.seen > 20) or self.refused, "orders before")
                before, died, seen = len(self.taken), time.monotonic(), self.seen
                fail_over()
                wait_until(
                    lambda: (
                        (sum(at > died for at, _ in list(self.taken.values())) > 20 and self.seen > seen + 20)
                        or self.refused
                    ),
                    "orders afterwards",
                )
            finally:
                self.stop.set()
            for one in running:
                one.result()
        moments = sorted(at for at, _ in self.taken.values())
        return before, len(self.taken) - before, max(b - a for a, b in itertools.pairwise(moments))


@pytest.mark.race
def test_the_primary_dies_under_programs_that_order_and_nothing_acknowledged_is_lost(shop, ordering, pair, both):
    both.start_web()
    crowd = Crowd(both, shop, ordering)

    before, after, gap = crowd.lives_through(pair.fail_over)

    print(f"{before} orders before, {after} after, {gap:.2f} s without one, {crowd.seen} other requests")
    assert crowd.refused == []
    assert gap < 10
    database = conninfo_to_dict(both.configured.database_url)["dbname"]
    with psycopg.connect(pair.standby.url("postgres", database)) as connection:
        rows = connection.execute('select id from public."order" where tenant_id = %s', (shop.id,)).fetchall()
    assert len(rows) == len(crowd.taken), "each was done once"
    for name, (_, told) in crowd.taken.items():
        again = crowd.place(name)
        assert (again.status_code, again.json()["id"]) == (201, told), "what was acknowledged is known"


@pytest.mark.race
def test_control_without_doing_requests_again_somebody_sees_the_failure(shop, ordering, pair, both):
    both.start_web(weakness="replaying")
    crowd = Crowd(both, shop, ordering)

    crowd.lives_through(pair.fail_over)

    assert {status for _, status in crowd.refused} <= {500, 503}
    assert crowd.refused
