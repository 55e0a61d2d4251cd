"""How it grows: tenants, products and orders by the hundred thousand, beside the same with few."""

from __future__ import annotations

import csv
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from app.commands import installation
from app.commands.bench import filling, measuring, words
from app.commands.bench.browsing import Browser
from app.commands.bench.ground import SHOP, Ground, Made, Site, free_port
from app.commands.bench.report import Report
from app.commands.bench.rows import Row, our_rows, staff_browser
from app.commands.screen import Steps
from app.core.trouble import Trouble
from app.settings import Settings

FEW, MANY, TALL = "bench_few", "bench_many", "bench_tall"
FEW_TENANTS, MANY_TENANTS = 10, 10_000
TALL_PRODUCTS, TALL_ORDERS, IMPORTED = 100_000, 1_000_000, 10_000
STEPS = ("tenants", "products", "orders", "counting", "pages", "search", "orders list", "import")
CONNECTIONS = 8
_GREW_BY_TENANTS = {"cached page", "collection page, not cached", "product page, not cached", "product list, API"}


def run(report: Report, ground: Ground, made: Made, steps: Steps, seconds: float, rounds: int) -> None:
    """Fill three copies of the database, and measure them beside each other."""
    began, busy = time.monotonic(), os.getloadavg()[0]
    few, many, tall = (ground.copy(name, made.configured.home.name) for name in (FEW, MANY, TALL))
    few, many, tall = (replace(one, secret_key=made.configured.secret_key) for one in (few, many, tall))
    _fill(ground, made, steps, few, many, tall)
    with ExitStack() as open_sites:
        sites = {
            one.home.name: open_sites.enter_context(Site(replace(one, page_cache_mb=0))) for one in (few, many, tall)
        }
        keeping = {one.home.name: open_sites.enter_context(Site(replace(one, port=free_port()))) for one in (few, many)}
        with steps.step("Pages with few and with many"):
            _pages(report, ground, made, steps, sites, keeping, seconds, rounds)
        with steps.step("Search and facets at 100,000 products"):
            _search(report, sites[TALL])
        with steps.step("Orders list at 1,000,000 orders"):
            _orders(report, sites[TALL])
    with steps.step(f"Import of {IMPORTED:,} products"):
        _import(report, few)
    report.notes["growth: programs that ran or waited for a core, at the beginning"] = busy
    report.notes["growth: the same, at the end"] = os.getloadavg()[0]
    report.notes["growth: minutes that it took"] = (time.monotonic() - began) / 60


def _fill(ground: Ground, made: Made, steps: Steps, few: Settings, many: Settings, tall: Settings) -> None:
    with steps.step(f"{MANY_TENANTS:,} tenants"):
        with ground.bulk(few) as connection:
            filling.close_tenants(connection, keep=FEW_TENANTS)
        with ground.bulk(many) as connection:
            more = [f"more-{number}" for number in range(MANY_TENANTS - 100)]
            filling.clone_tenants(connection, made.shops["quiet"], more, steps.part)
    with ground.bulk(tall) as connection:
        with steps.step(f"{TALL_PRODUCTS:,} products in one shop"):
            filling.fill_products(connection, made.shops[SHOP], TALL_PRODUCTS, steps.part)
        with steps.step(f"{TALL_ORDERS:,} orders in one shop"):
            filling.fill_orders(connection, made.shops[SHOP], TALL_ORDERS, steps.part)
    with steps.step("Counting ahead, as the worker does"):
        counted = [sys.executable, "-P", "-m", "app.commands.bench.recount", str(made.shops[SHOP])]
        subprocess.run(counted, env=installation.environment(tall), check=True)


def _pages(
    report: Report, ground: Ground, made: Made, steps: Steps, sites: dict[str, Site], keeping: dict[str, Site],
    seconds: float, rounds: int,
) -> None:  # fmt: skip
    wanted = [row for row in our_rows(made.key) if row.name in _GREW_BY_TENANTS]
    rows = [
        (replace(row, name=f"{row.name}: {name}"), (sites if row.is_made_anew else keeping)[name])
        for row in wanted
        for name in ((FEW, MANY, TALL) if row.name.startswith("collection") else (FEW, MANY))
    ]
    figures = measuring.measure(
        rows, ground, connections=[CONNECTIONS], seconds=seconds, rounds=rounds, progress=steps.part
    )
    report.figures += figures
    by_name = {one.row: one for one in figures}
    for row in wanted:
        slower = by_name[f"{row.name}: {FEW}"].rps / by_name[f"{row.name}: {MANY}"].rps
        report.check(f"{row.name}, 10,000 tenants against 10", slower, 1.15, "x")
    shelf: Row = next(row for row in wanted if row.name.startswith("collection"))
    slower = by_name[f"{shelf.name}: {FEW}"].rps / by_name[f"{shelf.name}: {TALL}"].rps
    report.check("collection page, 100,000 products against 1,000", slower, 1.3, "x")


def _search(report: Report, site: Site) -> None:
    """Words that few and many products share, beginnings, slips of the finger, and filters that hold each other."""
    common, rare = words.ADJECTIVES, words.made_up()
    asked = [f"{one.lower()} {other.lower()}" for one, other in zip(common[:10], words.NOUNS[:10], strict=True)]
    asked += [word.lower() for word in (*common[10:16], *words.NOUNS[10:16], *rare[:6])]
    asked += [word[:3].lower() for word in words.NOUNS[:4]] + [word[:-2] + word[-1] for word in rare[6:12]]
    searches = [f"/search?q={text.replace(' ', '+')}" for text in asked]
    shelves, further = (filling.WHOLE_SHELF, "shelf-1", "all"), ("", "&tag=Gift", "&available=1&sort=price-up")
    warming, *rounds = (
        [f"/collections/{shelf}?option=Colour:{colour}{more}" for shelf in shelves for more in further]
        for colour in words.COLOURS
    )
    # Every filter is asked for once: a process keeps what it counted until the shop's pages change.
    for what, first, pages in (("search", searches, searches * 3), ("facets", warming, itertools.chain(*rounds))):
        timed(site, first)
        took = timed(site, pages)
        report.notes[f"{what} at 100,000 products, ms in the middle"] = statistics.median(took)
        report.check(f"{what} at 100,000 products, p95", percentile(took, 95), 100, " ms")


def _orders(report: Report, site: Site) -> None:
    browser = staff_browser(site)
    pages = [
        "/admin/orders", "/admin/orders?view=to_fulfil", "/admin/orders?view=unpaid", "/admin/orders?view=cancelled",
        "/admin/orders?sort=total_high", "/admin/orders?sort=oldest", "/admin/orders?q=B999000",
    ]  # fmt: skip
    for path in pages:
        took = []
        for _ in range(6):
            browser.get(path)
            took.append(browser.milliseconds)
        report.check(f"{path} at 1,000,000 orders, middle", statistics.median(took[1:]), 50, " ms")


def timed(site: Site, paths: Iterable[str]) -> list[float]:
    """Milliseconds of each page, one after the other."""
    browser = Browser(site.host(), site.port)
    took = []
    for path in paths:
        browser.get(path)
        took.append(browser.milliseconds)
    return took


def percentile(values: list[float], part: int) -> float:
    """The value that `part` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]


def _import(report: Report, configured: Settings) -> None:
    """The real importer, as its command runs it, on a file in the shop's own format."""
    file = configured.home / "goods.csv"
    write_goods(file, IMPORTED)
    environment = installation.environment(configured)
    command = installation.own_command("import", "products", "--tenant", "imports", str(file))
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode:
        raise Trouble(f"The import failed: {(done.stdout + done.stderr).strip()[-600:]}")
    report.check(f"import of {IMPORTED:,} products", took, 60, " s")


def write_goods(file: Path, count: int) -> None:
    """A catalogue as people export one: two variants a product, texts, tags, a shelf."""
    rare = words.made_up()
    columns = (
        "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
        "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Price", "Status",
    )  # fmt: skip
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        for number in range(count):
            adjective, noun = words.ADJECTIVES[number % 40], words.NOUNS[number % 36]
            text = " ".join(rare[(number * 7 + place * 131) % len(rare)] for place in range(20))
            title = f"{adjective} {noun} {rare[number % len(rare)].title()}"
            first = [f"goods-{number}", title, f"<p>{text}</p>", rare[number % 50].title(), noun, f"{adjective}, Gift",
                     "true", "Size", "S", f"G{number}-S", 400, "shopify", 10, "19.90", "active"]  # fmt: skip
            second = [
                f"goods-{number}",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "M",
                f"G{number}-M",
                450,
                "shopify",
                5,
                "21.90",
                "",
            ]
            writer.writerows((first, second))
