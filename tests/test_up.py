"""`./livery up`, for real: what it starts, what it prints, what it survives."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.core.postgres import Server
from app.settings import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]
PATIENCE = 180.0


class Installation:
    """One home and one port; starts and stops like a person at a terminal."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.output = home / "screen"
        self.parent: psutil.Popen | None = None

    def start(self) -> str:
        """Type `./livery up` and wait for the addresses; returns all that was printed."""
        self.begin()
        wait_for(lambda: "Ctrl-C stops it" in self.screen() or self.parent.poll() is not None)
        assert self.parent.poll() is None, self.screen()
        return self.screen()

    def begin(self) -> None:
        """Type `./livery up`."""
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "LIVERY_HOME": str(self.home),
            "LIVERY_PORT": str(self.port),
        }
        with open(self.output, "w") as screen:
            command = [sys.executable, "-P", "-m", "app.cli", "up"]
            self.parent = psutil.Popen(command, stdout=screen, stderr=subprocess.STDOUT, env=environment)

    def screen(self) -> str:
        """What is on the screen so far."""
        return self.output.read_text()

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send a signal to the parent alone and wait for it to end; returns its exit status."""
        self.parent.send_signal(how)
        return self.parent.wait(60)

    def children(self) -> dict[str, psutil.Process]:
        """What the parent runs, by name."""
        words = {"postgres": "database", "gunicorn": "web", "worker": "worker"}
        found = {}
        for child in filter(runs, self.parent.children()):
            line = " ".join(child.cmdline())
            found |= {name: child for word, name in words.items() if word in line}
        return found

    def get(self, path: str, host: str = "localhost") -> int:
        """The status of one page; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", path, headers={"Host": f"{host}:{self.port}", "Connection": "close"})
            return connection.getresponse().status
        return 0


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str]]:
    """An installation after its first start, stopped again; and what the first start printed."""
    home = ROOT / ".livery" / f"up-{os.getpid()}"
    home.mkdir(parents=True)
    installation = Installation(home)
    try:
        printed = installation.start()
        assert installation.end() == 0
        yield installation, printed
    finally:
        stop(installation)
        Server(home).remove()
        subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.fixture
def installation(cold: tuple[Installation, str]) -> Iterator[Installation]:
    """A prepared installation that is not running; stopped again after the test."""
    stop(cold[0])
    yield cold[0]
    stop(cold[0])


@pytest.fixture
def running(cold: tuple[Installation, str]) -> Installation:
    """A running installation, which tests that leave it as it was may share."""
    if cold[0].parent.poll() is not None:
        cold[0].start()
    return cold[0]


def stop(installation: Installation) -> None:
    """End it if it runs."""
    if installation.parent.poll() is None:
        installation.end()


def test_the_first_start_prints_addresses_and_sign_ins_of_three_shops(cold):
    installation, printed = cold

    shops = re.findall(rf"http://([a-z]+)\.localhost:{installation.port}/admin", printed)
    sign_ins = re.findall(r"^ +(\S+@\S+)  (\S+)$", printed, re.MULTILINE)

    assert len(set(shops)) == 3
    assert len(sign_ins) == 4
    assert f"http://localhost:{installation.port}/" in printed


def test_the_first_start_says_what_it_does_step_by_step(cold):
    steps = re.findall(r"^  - (.+?)  +[\d.]+ s$", cold[1], re.MULTILINE)

    assert steps == [
        "Making the PostgreSQL database",
        "Migrating the database",
        "Opening three demo shops",
        "Starting web and worker",
    ]


def test_a_warm_start_prepares_nothing_and_prints_the_same(cold, installation):
    began = time.monotonic()
    printed = installation.start()
    took = time.monotonic() - began

    assert "demo shops" not in printed
    assert printed.split("Livery is running")[1] == cold[1].split("Livery is running")[1]
    assert took < 15, "a warm start takes 3 seconds on an idle machine"


def test_every_printed_address_answers(running):
    addresses = re.findall(rf"http://([a-z.]+):{running.port}(/\S*)", running.screen())

    assert len(addresses) >= 8
    answers = {(host, path): running.get(path, host) for host, path in addresses}
    assert {where: status for where, status in answers.items() if status not in {200, 302, 303}} == {}


def test_ready_is_answered_on_any_host(running):
    assert [running.get("/health/ready", host) for host in ("localhost", "no-such.localhost", "127.0.0.1")] == [200] * 3


def test_two_at_once_refuse_politely(running):
    second = Installation(running.home)
    second.output = running.home / "second-screen"

    second.begin()

    assert second.parent.wait(60) == 1
    assert second.screen() == (
        f"Livery: Livery already runs here, as process {running.parent.pid} "
        f"at http://localhost:{running.port}: "
        f"use it, or stop it with `kill {running.parent.pid}`.\n"
    )
    assert running.get("/health/ready") == 200


@pytest.mark.parametrize(
    ("name", "title"), [("web", "The web server"), ("worker", "The worker"), ("database", "The database")]
)
def test_a_part_that_is_killed_comes_back(running, name, title):
    victim = running.children()[name]

    victim.kill()

    wait_for(lambda: running.children().get(name, victim).pid != victim.pid)
    wait_for(lambda: running.get("/health/ready") == 200)
    assert f"{title} ended (SIGKILL); starting it again" in running.screen()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_asked_to_stop_stops_everything(installation, how):
    installation.start()
    everything = installation.parent.children(recursive=True)

    status = installation.end(how)

    assert status == 0
    assert "Livery has stopped." in installation.screen()
    assert [one for one in everything if runs(one)] == []
    assert not (installation.home / "postgres" / "data" / "postmaster.pid").exists()


def test_after_kill_9_nothing_lives_on_and_the_next_start_recovers(installation):
    installation.start()
    everything = installation.parent.children(recursive=True)

    installation.end(signal.SIGKILL)
    installation.start()

    assert [one for one in everything if runs(one)] == []
    assert installation.get("/health/ready") == 200


def test_killed_in_the_middle_of_a_start_the_next_one_recovers(installation):
    installation.begin()
    wait_for(lambda: (installation.home / "postgres" / "data" / "postmaster.pid").exists())

    installation.end(signal.SIGKILL)
    installation.start()

    assert installation.get("/health/ready") == 200


def test_a_taken_port_is_said_before_anything_starts(installation):
    with socket.create_server(("127.0.0.1", installation.port)):
        installation.begin()

        assert installation.parent.wait(60) == 1

    assert f"Port {installation.port} cannot be had (address already in use)" in installation.screen()
    assert f"LIVERY_PORT={installation.port + 1} ./livery up" in installation.screen()
    assert not (installation.home / "postgres" / "data" / "postmaster.pid").exists()


def test_another_port_moves_every_address(installation, monkeypatch):
    monkeypatch.setattr(installation, "port", free_port())

    printed = installation.start()

    ports = set(re.findall(r"localhost:(\d+)", printed))
    assert ports == {str(installation.port)}
    assert installation.get("/health/ready") == 200


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def runs(process: psutil.Process) -> bool:
    """Whether it is there and not only waiting to be noticed by its parent."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; other processes need real time."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited for {PATIENCE:g} seconds"
        time.sleep(0.05)
