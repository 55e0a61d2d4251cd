"""The command line: help worth reading, sentences instead of tracebacks, exit statuses that mean something."""

import configparser
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from app import cli, settings
from app.commands import locking, only_one, prepared, proving
from app.commands.only_one import AlreadyRunning, OnlyOne
from app.commands.screen import Steps
from app.core.trouble import Trouble
from app.settings import ROOT

HELP = (ROOT / "app/commands/help.txt").read_text()


def livery(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command like the launcher does."""
    command = [sys.executable, "-P", "-m", "app.cli", *arguments]
    complete = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(command, capture_output=True, text=True, env=complete, timeout=60, check=False)


@pytest.fixture
def launcher() -> ModuleType:
    """The launcher as a module."""
    loader = SourceFileLoader("launcher", str(ROOT / "livery"))
    spec = spec_from_loader("launcher", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def bare_checkout(tmp_path: Path) -> Path:
    """What the launcher needs of a checkout, in which nothing was installed."""
    bare = tmp_path / "checkout"
    (bare / "app" / "commands").mkdir(parents=True)
    of_app = ("app/__init__.py", "app/commands/__init__.py", "app/commands/screen.py", "app/commands/help.txt")
    for name in ("livery", "requirements.lock", "requirements-dev.lock", *of_app):
        (bare / name).write_bytes((ROOT / name).read_bytes())
    return bare


def test_the_launcher_alone_prints_help_before_anything_is_installed(tmp_path):
    bare = bare_checkout(tmp_path)

    for arguments in ([], ["--help"], ["help"]):
        done = subprocess.run(
            [sys.executable, "livery", *arguments], cwd=bare, capture_output=True, text=True, check=True
        )
        assert done.stdout == HELP

    assert not (bare / ".venv").exists()


def test_a_python_without_venv_is_one_command_away(tmp_path):
    bare = bare_checkout(tmp_path)
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
    nothing_on_the_path = {"PATH": str(tmp_path), "PYTHONPATH": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "livery", "up"], cwd=bare, capture_output=True, text=True, env=nothing_on_the_path, check=False
    )

    assert done.returncode == 1
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in done.stderr
    assert not (bare / ".venv").exists()


def test_a_start_keeps_what_python_compiled_whatever_the_caller_does(launcher, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LIVERY_PORT", "8123")
    monkeypatch.setattr(sys, "argv", ["livery", "doctor"])
    monkeypatch.setattr(launcher, "make_ready", lambda parts: None)
    given: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, arguments, environment: given.append(environment))

    launcher.main()

    assert "PYTHONDONTWRITEBYTECODE" not in given[0]
    assert given[0]["LIVERY_PORT"] == "8123"


def test_an_installation_is_made_anew_only_when_the_lock_changes(tmp_path, launcher, monkeypatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text("flask==3.1.3\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    monkeypatch.setitem(launcher.LOCKS, "run", lock)
    monkeypatch.setattr(launcher, "VENV", tmp_path)
    monkeypatch.setattr(launcher, "PYTHON", tmp_path / "bin" / "python")
    asked = []
    monkeypatch.setattr(launcher, "make_venv", lambda: asked.append("venv"))
    monkeypatch.setattr(launcher, "install", lambda part, steps: asked.append(part))

    (tmp_path / "livery-run.stamp").write_text(launcher.wanted("run"))
    launcher.make_ready(["run"])
    assert asked == []
    lock.write_text("flask==3.1.4\n")
    launcher.make_ready(["run"])

    assert asked == ["venv", "run"]


def test_an_installation_that_broke_off_is_begun_anew(tmp_path, launcher, monkeypatch):
    venv = tmp_path / ".venv"
    (venv / "lib" / launcher.PYTHON_VERSION).mkdir(parents=True)
    (venv / "unfinished").touch()
    monkeypatch.setattr(launcher, "VENV", venv)
    monkeypatch.setattr(launcher, "runs", lambda python: True)
    commands = []
    monkeypatch.setattr(launcher, "run", commands.append)

    launcher.make_venv()

    assert not venv.exists()
    assert commands == [[sys.executable, "-m", "venv", str(venv)]]


def test_the_help_names_every_command(app):
    known = set(cli.cli.list_commands(click.Context(cli.cli)))
    hidden = {"prepare"}

    named = set(re.findall(r"^  ([a-z]+)  ", HELP, re.MULTILINE))

    assert named == known - hidden
    assert cli.cli.get_help(click.Context(cli.cli)) == HELP.rstrip("\n")


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_explains_itself(name):
    done = CliRunner().invoke(cli.cli, [name, "--help"])

    assert done.exit_code == 0
    assert len(done.output.splitlines()) > 3


def test_an_unknown_command_is_the_callers_mistake():
    done = CliRunner().invoke(cli.cli, ["sell"])

    assert done.exit_code == 2
    assert "No such command 'sell'" in done.output


def test_a_bad_setting_is_one_sentence_and_status_2():
    done = livery("migrate", LIVERY_PORT="eight")

    assert (done.returncode, done.stderr) == (2, "Livery: LIVERY_PORT is 'eight'; it must be a whole number.\n")


def test_a_database_that_does_not_answer_is_one_sentence_and_status_1():
    nowhere = "postgresql://livery_owner@/livery?host=/nonexistent"
    done = livery("migrate", DATABASE_URL=nowhere, LIVERY_OWNER_URL=nowhere)

    assert done.returncode == 1
    assert done.stderr.startswith("Livery: The database does not answer: ")
    assert len(done.stderr.splitlines()) == 1


def test_migrations_want_the_owner(home):
    done = livery("migrate", DATABASE_URL="postgresql://livery_app@/livery", LIVERY_OWNER_URL="", LIVERY_HOME=str(home))

    assert done.returncode == 2
    assert "LIVERY_OWNER_URL is not set" in done.stderr


def test_the_worker_role_serves_nothing():
    done = livery("serve", LIVERY_ROLE="worker")

    assert done.returncode == 2
    assert "run ./livery worker" in done.stderr


def test_doctor_lists_every_variable():
    done = livery("doctor", "--settings")

    assert done.returncode == 0
    for variable in settings.described():
        assert f"\n{variable['name']}" in f"\n{done.stdout}"


def test_doctor_finds_a_fresh_installation_unfit_and_says_what_to_do(home):
    done = livery("doctor", LIVERY_HOME=str(home))

    assert done.returncode == 1
    assert "ok  Database roles" in done.stdout
    assert "run ./livery migrate." in done.stdout


def test_doctor_finds_a_migrated_installation_well_and_sees_open_keys(home):
    assert livery("migrate", LIVERY_HOME=str(home)).returncode == 0
    assert livery("doctor", LIVERY_HOME=str(home)).returncode == 0

    (home / "secrets.json").chmod(0o644)
    done = livery("doctor", LIVERY_HOME=str(home))

    assert done.returncode == 1
    assert f"run `chmod 600 {home / 'secrets.json'}`" in done.stdout


def test_a_database_is_prepared_until_code_or_database_change(home, configured, monkeypatch):
    here = replace(configured, home=home)
    assert not prepared.is_prepared(here)

    prepared.note(here)
    assert prepared.is_prepared(here)

    monkeypatch.setattr(prepared, "revisions", lambda configured: ["an older one"])
    assert not prepared.is_prepared(here)
    monkeypatch.undo()
    monkeypatch.setattr(prepared, "fingerprint", lambda: "another migration came with the code")
    assert not prepared.is_prepared(here)
    monkeypatch.undo()
    (home / prepared.UNFINISHED).touch()
    assert not prepared.is_prepared(here)


def test_one_installation_runs_once(home):
    second = OnlyOne(home, "http://localhost:9000")

    with OnlyOne(home, "http://localhost:8000"), pytest.raises(AlreadyRunning) as refused:
        second.__enter__()

    assert f"as process {os.getpid()} at http://localhost:8000" in str(refused.value)
    with second:
        assert json.loads((home / "running.json").read_text())["address"] == "http://localhost:9000"


def test_what_a_killed_predecessor_left_is_ended(home):
    orphan = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note = {"pid": 1, "address": "", "children": {"web": [orphan.pid, only_one.birth_of(orphan.pid)]}}
    (home / "running.json").write_text(json.dumps(note))

    with OnlyOne(home, "http://localhost:8000"):
        assert orphan.wait(5) == -15


def test_somebody_with_the_number_of_a_dead_child_is_left_alone(home):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note = {"pid": 1, "address": "", "children": {"web": [stranger.pid, "12345"]}}
    (home / "running.json").write_text(json.dumps(note))

    with OnlyOne(home, "http://localhost:8000"):
        assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_broken_note_does_not_stand_in_the_way(home):
    (home / "running.json").write_text("{half a no")

    with OnlyOne(home, "http://localhost:8000"):
        assert json.loads((home / "running.json").read_text())["address"] == "http://localhost:8000"


class Terminal:
    """A stream that says what it is."""

    def __init__(self, is_terminal: bool) -> None:
        self.text, self.is_terminal = "", is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def test_a_terminal_sees_a_bar_that_moves():
    screen = Terminal(is_terminal=True)
    steps = Steps(total=2, stream=screen)

    with steps.step("Making the database"):
        steps.part("Copying", 10, 10)

    assert "] " in screen.text
    assert "10 of 10" in screen.text
    assert screen.text.splitlines()[-1].endswith(" s")


def test_a_log_file_gets_a_line_a_step_and_no_control_characters():
    screen = Terminal(is_terminal=False)
    steps = Steps(total=2, stream=screen)

    with steps.step("Making the database"):
        for done in range(1, 101):
            steps.part("Copying", done, 100)

    assert "\033" not in screen.text
    assert "\r" not in screen.text
    assert [line.strip() for line in screen.text.splitlines()[:4]] == [
        "Copying: 25 of 100", "Copying: 50 of 100", "Copying: 75 of 100", "Copying: 100 of 100",
    ]  # fmt: skip


def test_a_step_that_fails_is_not_ticked_off():
    screen = Terminal(is_terminal=False)

    with pytest.raises(Trouble), Steps(total=1, stream=screen).step("Making the database"):
        raise Trouble

    assert screen.text == ""


def test_the_lock_pins_every_direct_dependency_and_nothing_twice():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")

    wanted = {plain(entry) for entry in locking.names(setup["options"]["install_requires"])}
    wanted_by_tests = {plain(entry) for entry in locking.names(setup["options.extras_require"]["dev"])}

    assert wanted <= run.keys()
    assert wanted_by_tests <= run.keys() | dev.keys()
    assert not run.keys() & dev.keys()


def test_no_file_of_the_installation_names_a_package_index():
    for name in ("setup.cfg", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "livery"):
        assert not re.search(r"index-url|find-links|https?://", (ROOT / name).read_text()), name


def test_the_tests_want_a_browser_and_name_the_command(monkeypatch):
    monkeypatch.setattr(proving.shutil, "which", lambda name: None)

    with pytest.raises(Trouble, match="run `sudo apt install chromium"):
        proving.provide_browser()


def test_the_tests_want_redis_and_name_the_command(monkeypatch):
    monkeypatch.setattr(proving.shutil, "which", lambda name: None)

    with pytest.raises(Trouble, match="run `sudo apt install redis-server`"):
        proving.provide_redis()


def test_a_skipped_test_is_found_in_the_report(tmp_path):
    report = tmp_path / "report.xml"
    cases = '<testcase name="runs"/><testcase name="is left out"><skipped/></testcase>'
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")

    assert proving.skipped_in(report) == ["is left out"]
    assert proving.skipped_in(Path("/nowhere")) == []


def pins(name: str) -> dict[str, str]:
    """Name and version of every line of a lock file; each must be pinned."""
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)  # type: ignore[misc]  # a line without == fails right here


def plain(requirement: str) -> str:
    """A requirement's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=]", requirement)[0]).lower()
