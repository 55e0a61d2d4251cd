"""What `./livery lighthouse` runs: Google's Lighthouse over home, collection, product and bag, as a phone sees them."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from app import settings
from tests.e2e import people
from tests.e2e.chromium import CHROMIUM
from tests.e2e.furnishing import SHOP
from tests.e2e.installation import Installation, running

PACKAGE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
Scores = dict[str, float]


@click.command()
@click.option("--shop", default=SHOP)
@click.option("--runs", type=int, default=3)
@click.option("--json", "json_file", type=click.Path(path_type=Path))
@click.option("--here", is_flag=True)
def lighthouse(shop: str, runs: int, json_file: Path | None, here: bool) -> None:
    """Print the four categories of each page, medians of some runs; exit status 1 below 95."""
    program = installed()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = settings.current().home
        installation = (
            Installation(settings.current().port, home, home) if here else stack.enter_context(running(folder / "up"))
        )
        found = {}
        for name, path, cookies in pages(installation, shop):
            url = installation.url(path, shop)
            found[name] = median([scores(program, url, cookies, folder) for _ in range(runs)])
            click.echo(line(name, found[name]))
    if json_file:
        json_file.write_text(json.dumps(found, indent=2))
    low = [name for name, of_page in found.items() if min(of_page[one] for one in CATEGORIES) < LEAST]
    click.echo(f"Below {LEAST}: {', '.join(low)}." if low else f"All pages have {LEAST} or more in all categories.")
    sys.exit(1 if low else 0)


def pages(installation: Installation, shop: str) -> list[tuple[str, str, dict[str, str]]]:
    """Name, path and cookies; the bag is somebody's who has put something into it."""
    shopper = people.shopper_of(installation, shop)
    product = people.products_of(shopper)[0]
    return [
        ("home", "/", {}), ("collection", "/collections/all", {}), ("product", product, {}),
        ("bag", "/cart", shopper.cookies),
    ]  # fmt: skip


def installed() -> Path:
    """Lighthouse's program; npm puts it into the installation's folder the first time."""
    folder = settings.current().home / "cache" / "lighthouse"
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if not shutil.which("npm"):
            raise click.ClickException("Lighthouse needs npm: install Node.js 20 or newer, then try again.")
        folder.mkdir(parents=True, exist_ok=True)
        click.echo(f"Installing {PACKAGE} in {folder}")
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), PACKAGE], check=True
        )
    return program


def scores(program: Path, url: str, cookies: dict[str, str], folder: Path) -> Scores:
    """One run: the categories from 0 to 100, and what the page measured in milliseconds and bytes."""
    report, headers = folder / "report.json", folder / "headers.json"
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    headers.write_text(json.dumps(sent))
    browser = next((path for name in CHROMIUM if (path := shutil.which(name))), "")
    command = [
        str(program), url, "--quiet", "--output=json", f"--output-path={report}", f"--extra-headers={headers}",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}",
    ]  # fmt: skip
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": browser}, capture_output=True, text=True)
    if done.returncode:
        raise click.ClickException(f"Lighthouse could not read {url}: {done.stderr.strip()[-500:]}")
    told: dict[str, Any] = json.loads(report.read_text())
    found = {name: round(told["categories"][name]["score"] * 100, 1) for name in CATEGORIES}
    audits = {"LCP": "largest-contentful-paint", "TBT": "total-blocking-time", "CLS": "cumulative-layout-shift"}
    measured = {short: round(told["audits"][name]["numericValue"], 3) for short, name in audits.items()}
    return found | measured | {"kB": round(told["audits"]["total-byte-weight"]["numericValue"] / 1000, 1)}


def median(runs: list[Scores]) -> Scores:
    """The median of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def line(name: str, found: Scores) -> str:
    """One page's figures in a row."""
    four = "  ".join(f"{category} {found[category]:.0f}" for category in CATEGORIES)
    return f"  {name:<11} {four}   LCP {found['LCP']:.0f} ms  TBT {found['TBT']:.0f} ms  CLS {found['CLS']:.3f}"


if __name__ == "__main__":
    lighthouse()
