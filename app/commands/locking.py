"""lock: pin every package again, after the direct dependencies in setup.cfg changed."""

import configparser
import json
import re
import subprocess
import sys

import click

from app.core.trouble import Trouble
from app.settings import ROOT

WRITTEN_BY = "`./livery lock` writes this file from setup.cfg."


@click.command("lock")
def lock() -> None:
    """Pin every package again: the newest versions that setup.cfg allows."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    direct, dev = names(setup["options"]["install_requires"]), names(setup["options.extras_require"]["dev"])
    click.echo("Asking pip which versions fit together; this takes a minute.", err=True)
    run = resolved(direct)
    everything = resolved([*direct, *dev])
    write("requirements.lock", f"# Every package that Livery runs with, pinned. {WRITTEN_BY}", run)
    more = {name: version for name, version in everything.items() if name not in run}
    write("requirements-dev.lock", f"# What `./livery test` needs on top of requirements.lock. {WRITTEN_BY}", more)
    click.echo(f"{len(run)} packages to run with, {len(more)} more to test with.")


def names(block: str) -> list[str]:
    """The requirements of one block of setup.cfg."""
    return [entry for entry in block.strip().splitlines() if entry]


def resolved(requirements: list[str]) -> dict[str, str]:
    """Name and version of everything that the requirements bring, from pip's own report."""
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    done = subprocess.run([*pip, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"pip finds no versions that fit together: {done.stderr.strip()[-1000:]}")
    packages = [entry["metadata"] for entry in json.loads(done.stdout)["install"]]
    return {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in packages}


def write(name: str, headline: str, packages: dict[str, str]) -> None:
    """Write one lock file, sorted."""
    pins = [f"{package}=={version}" for package, version in sorted(packages.items())]
    (ROOT / name).write_text("\n".join([headline, *pins]) + "\n")
