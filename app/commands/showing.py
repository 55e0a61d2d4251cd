"""screens and lighthouse: what people see, photographed and measured in a real browser. Developers' tools."""

from __future__ import annotations

import sys

import click

from app.commands.proving import provide_browser, tool


@click.command("screens")
@click.option("--only", default="", metavar="PATTERN", help="Only pages whose name or address matches.")
@click.option("--state", "states", multiple=True, help="Only this state: phone, desktop, dark, rtl. May be repeated.")
@click.option("--here", is_flag=True, help="Look at the running installation instead of a fresh one; furnishes it.")
def screens(only: str, states: tuple[str, ...], here: bool) -> None:
    """Photograph every page: on a phone, on a desktop, dark, and right-to-left; axe reads each of them.

    Starts an installation of its own with the demo shops, finds the pages in the list of routes, and writes
    .livery/screens/index.html. Prints what is wrong; exit status 1 when something is, or when a page cannot be reached.
    """
    provide_browser()
    chosen = [part for state in states for part in ("--state", state)]
    sys.exit(tool("python", "-m", "tests.e2e", "--only", only, *chosen, *["--here"] * here, keep_settings=here))


@click.command("lighthouse")
@click.option("--shop", default="kiln", show_default=True, help="Which demo shop.")
@click.option("--runs", default=3, show_default=True, help="Runs of each page; medians are shown.")
@click.option("--json", "json_file", default="", help="Write the figures to this file too.")
@click.option("--here", is_flag=True, help="Measure the running installation instead of a fresh one.")
def lighthouse(shop: str, runs: int, json_file: str, here: bool) -> None:
    """Let Lighthouse judge home, collection, product and bag on a phone; exit status 1 below 95. Needs npm.

    The first call installs Lighthouse below LIVERY_HOME; nothing of it is part of the product.
    """
    provide_browser()
    chosen = ["--shop", shop, "--runs", str(runs), *(["--json", json_file] if json_file else [])]
    sys.exit(tool("python", "-m", "tests.e2e.lighthouse", *chosen, *["--here"] * here, keep_settings=here))
