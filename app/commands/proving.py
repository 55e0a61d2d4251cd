"""test: everything that has to hold, in one run, with what it needs installed."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import click

from app import settings
from app.core.trouble import Trouble
from app.settings import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ["chromium", "fonts-liberation"]
PROCESSES = 2


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Prove everything: style, import rules and all tests, in a real browser too.

    With ARGUMENTS only pytest runs, and gets them: ./livery test tests/shop -k stock
    """
    if not arguments or any("e2e" in argument for argument in arguments):
        provide_browser()
    if not arguments:
        provide_node()
        provide_redis()
    if arguments:
        sys.exit(tool("pytest", *arguments))
    report = settings.current().home / "test-report.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    broken = [name for name, command in checks().items() if announced(name, command)]
    click.echo("Tests")
    failed = tool("pytest", "-n", str(PROCESSES), "--dist=loadgroup", f"--junitxml={report}")
    skipped = skipped_in(report)
    if skipped:
        broken.append(f"tests without skips ({', '.join(skipped[:5])})")
    if broken:
        click.echo(f"Not all is well: {', '.join(broken)}.", err=True)
    sys.exit(failed or bool(broken))


def checks() -> dict[str, list[str]]:
    """What is looked at before the tests run, by name."""
    return {"style": ["ruff", "check", "--quiet", "."], "import rules": ["lint-imports", "--config", "setup.cfg"]}


def announced(name: str, command: list[str]) -> int:
    """Run one check under its headline; its exit status."""
    click.echo(name.capitalize())
    return tool(*command)


def tool(name: str, *arguments: str, keep_settings: bool = False) -> int:
    """Run a tool of the environment in the checkout, away from the settings of whoever calls; its exit status."""
    ours = set() if keep_settings else {variable["name"] for variable in settings.described()}
    environment = {variable: value for variable, value in os.environ.items() if variable not in ours}
    sys.stdout.flush()
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def provide_browser() -> None:
    """Find Chromium; as root, install it; else name the command. A run without it would prove too little."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(
            f"The tests need a browser: run `sudo apt install {' '.join(PACKAGES)}`, then ./livery test again."
        )
    click.echo("Installing Chromium for the browser tests")
    _install(PACKAGES)


def provide_node() -> None:
    """Find npm; as root, install it; else name the command. Programs of others judge our protocols (tests/foreign)."""
    if shutil.which("npm") and shutil.which("node"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble("The tests need Node.js 20 or newer with npm: install it, then ./livery test again.")
    click.echo("Installing Node.js for the tests with foreign programs")
    _install(["nodejs", "npm"])


def provide_redis() -> None:
    """Find redis-server; as root, install it; else name the command. The tests start one of their own."""
    if shutil.which("redis-server"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble("The tests need Redis: run `sudo apt install redis-server`, then ./livery test again.")
    click.echo("Installing Redis for the tests of the shared page cache")
    _install(["redis-server"])


def _install(packages: list[str]) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"`apt-get {' '.join(command)}` failed: {(done.stdout + done.stderr).strip()[-1000:]}")


def skipped_in(report: Path) -> list[str]:
    """Names of the tests that were skipped; the report is our own."""
    if not report.exists():
        return []
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it a moment ago
    return [str(case.get("name")) for case in cases if case.find("skipped") is not None]
