"""The supervisor: what it starts, restarts and stops, and what dies with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from app.core import supervisor as module
from app.core.supervisor import Program, Stopped, Supervisor, described
from app.core.trouble import Trouble
from app.settings import ROOT

SLEEPS = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
A_PARENT = """
import sys
from pathlib import Path
from app.core.supervisor import Program, Supervisor
with Supervisor(report=print) as supervisor:
    program = Program("child", [sys.executable, "-c", "import time; time.sleep(60)"], {}, Path(sys.argv[1]), 5)
    supervisor.add(program)
    print(program.pid, flush=True)
    supervisor.watch()
print("stopped", flush=True)
"""


class Noted:
    """A part that writes down what happens to it."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name, self.notes = name, notes
        self.status: int | None = None

    def start(self) -> None:
        self.notes.append(f"{self.name} starts")
        self.status = None

    def exit_status(self) -> int | None:
        return self.status

    def stop(self) -> None:
        self.notes.append(f"{self.name} stops")


@pytest.fixture(autouse=True)
def handlers():
    """The test process keeps its own signal handlers."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    kept = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """Time that passes when the test says so; the supervisor's naps take none."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def test_parts_start_in_order_and_stop_in_the_opposite_one():
    notes: list[str] = []

    with Supervisor(report=notes.append) as supervisor:
        supervisor.add(Noted("database", notes))
        supervisor.add(Noted("web", notes))

    assert notes == ["database starts", "web starts", "web stops", "database stops"]


def test_being_asked_to_stop_is_a_normal_end_and_an_error_is_not():
    with Supervisor(report=print):
        raise Stopped
    with pytest.raises(Trouble), Supervisor(report=print):
        raise Trouble


def test_what_dies_is_started_again_after_a_pause_that_grows(clock):
    notes: list[str] = []
    part = Noted("web", notes)
    with Supervisor(report=notes.append) as supervisor:
        supervisor.add(part)
        for pause in (0.5, 1.0, 2.0):
            notes.clear()
            part.status = 1
            supervisor.look_around()
            clock(pause - 0.01)
            supervisor.look_around()
            assert notes == [f"web ended (exit 1); starting it again in {pause:g} s."]
            clock(0.02)
            supervisor.look_around()
            assert notes[1:] == ["web stops", "web starts"]


def test_the_pause_is_short_again_after_a_healthy_minute(clock):
    notes: list[str] = []
    part = Noted("web", notes)
    with Supervisor(report=notes.append) as supervisor:
        supervisor.add(part)
        for _ in range(8):
            part.status = 1
            supervisor.look_around()
            clock(31)
            supervisor.look_around()
        assert "starting it again in 30 s." in notes[-3]
        clock(61)
        part.status = -9
        supervisor.look_around()

        assert notes[-1] == "web ended (SIGKILL); starting it again in 0.5 s."


def test_a_part_that_does_not_come_back_is_said_and_tried_again(clock):
    notes: list[str] = []
    part = Noted("database", notes)
    with Supervisor(report=notes.append) as supervisor:
        supervisor.add(part)
        part.status = 1
        supervisor.look_around()
        part.start = lambda: (_ for _ in ()).throw(Trouble("no room on the disk"))
        clock(1)
        supervisor.look_around()
        assert notes[-1] == "database does not start: no room on the disk"
        del part.start
        supervisor.look_around()
        clock(2)
        supervisor.look_around()

        assert notes[-1] == "database starts"


def test_a_program_that_does_not_listen_is_killed(tmp_path):
    program = Program("deaf", [sys.executable, "-c", DEAF], os.environ, tmp_path / "log", patience=0.1)
    program.start()
    wait_for(lambda: "deaf" in program.last_words())

    program.stop()

    assert program.exit_status() == -signal.SIGKILL


@pytest.mark.parametrize(
    ("how", "says"), [(signal.SIGINT, "stopped\n"), (signal.SIGTERM, "stopped\n"), (signal.SIGKILL, "")]
)
def test_no_child_outlives_its_parent_however_that_ends(tmp_path, how, says):
    command = [sys.executable, "-c", A_PARENT, str(tmp_path / "log")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))

    parent.send_signal(how)
    said = parent.communicate(timeout=20)[0]

    assert said == says
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_long_log_begins_anew_and_the_old_one_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LOG_SIZE", 10)
    (tmp_path / "web.log").write_text("eleven bytes and more")
    program = Program("web", [sys.executable, "-c", SLEEPS], os.environ, tmp_path / "web.log", patience=5)

    program.start()
    program.stop()

    assert (tmp_path / "web.log.1").read_text() == "eleven bytes and more"


def test_an_exit_status_is_said_in_words():
    assert [described(1), described(-9), described(-15), described(-99)] == [
        "exit 1",
        "SIGKILL",
        "SIGTERM",
        "signal 99",
    ]


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; another process needs real time."""
    deadline = time.perf_counter() + 20
    while not condition():
        assert time.perf_counter() < deadline, "waited for 20 seconds"
        os.sched_yield()
