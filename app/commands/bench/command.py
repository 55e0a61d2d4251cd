"""bench: what this installation can do, beside yardsticks that run in the same minutes."""

from __future__ import annotations

import signal
import statistics
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from app.commands.bench import delivering, filling, growth, measuring, plugging, shapes
from app.commands.bench.driving import tool
from app.commands.bench.ground import SHOP, Ground, Made, Site, below_the_home, free_port
from app.commands.bench.report import Report
from app.commands.bench.rows import our_rows, yardstick_rows
from app.commands.screen import Steps

MAIN = "bench"
PRODUCTS, TENANTS = 1000, 100
ROUNDS = 3
FIRST_SEEN = {"collection page": f"/collections/{filling.WHOLE_SHELF}", "product page": "/products/bench-8"}
MOST_MEMORY, MOST_START = 160.0, 0.8


@click.command("bench")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures to this file too.")
@click.option("--markdown", "markdown_file", type=click.Path(path_type=Path), help="Write the tables as Markdown too.")
@click.option("--seconds", type=float, default=2.0, show_default=True, help="Length of one run over one page.")
@click.option("--rounds", type=int, default=ROUNDS, show_default=True, help="Runs of each page; medians are shown.")
@click.option("--connections", default="1,8,32", show_default=True, help="Connections at once, by comma.")
@click.option("--growth", "wants_growth", is_flag=True, help="10,000 tenants, 100,000 products, 1,000,000 orders.")
@click.option("--workers", "wants_shapes", is_flag=True, help="Compare gunicorn's worker classes and counts instead.")
def bench(
    json_file: Path | None, markdown_file: Path | None, seconds: float, rounds: int, connections: str,
    wants_growth: bool, wants_shapes: bool,
) -> None:  # fmt: skip
    """Measure this code on this machine: speed, statements, memory, start, and with --growth how it grows.

    Starts a database and web servers of its own, fills them with made-up shops, and removes all of it afterwards; what
    runs here is not touched. The yardsticks run between our pages, so that ratios hold on a busy machine as well.
    Exit status: 0 when the run went through, whatever it found.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an end that takes everything away again
    report = Report(tool())
    many = [int(number) for number in connections.split(",")]
    steps = Steps(total=7 + len(growth.STEPS) * wants_growth)
    with Ground(below_the_home()) as ground:
        with steps.step(f"{TENANTS} tenants, {PRODUCTS:,} products in one"):
            made = ground.make(MAIN, (SHOP, "quiet", "imports"))
            fill(ground, made, steps)
        if wants_shapes:
            with steps.step("Shapes of the web server"):
                rows = [row for row in our_rows(made.key) if row.least and row.name != "product list, API"]
                report.workers = shapes.compare(made.configured, rows, seconds, steps.part)
        else:
            run(report, ground, made, steps, many, seconds, rounds)
        if wants_growth:
            growth.run(report, ground, made, steps, seconds, rounds)
    click.echo(report.for_people())
    if json_file:
        report.write(json_file)
    if markdown_file:
        markdown_file.write_text(report.as_markdown())


def fill(ground: Ground, made: Made, steps: Steps) -> None:
    """The made-up shops of the main measurements."""
    with ground.bulk(made.configured) as connection:
        filling.fill_products(connection, made.shops[SHOP], PRODUCTS, steps.part)
        filling.fill_orders(connection, made.shops[SHOP], PRODUCTS, steps.part)
        names = [f"tenant-{number}" for number in range(TENANTS - len(made.shops))]
        filling.clone_tenants(connection, made.shops["quiet"], names, steps.part)


def run(
    report: Report, ground: Ground, made: Made, steps: Steps, connections: list[int], seconds: float, rounds: int
) -> None:
    """Start, speed, statements and memory."""
    with steps.step("Starting the web server five times"):
        starts = [start_alone(made) for _ in range(5)]
        report.notes["a web process alone, seconds until ready (median of 5)"] = statistics.median(starts)
    with ExitStack() as open_sites:
        site = open_sites.enter_context(Site(made.configured))
        forgetful = replace(made.configured, port=free_port(), page_cache_mb=0)
        anew = open_sites.enter_context(Site(forgetful))
        beside = replace(made.configured, port=free_port())
        bare = open_sites.enter_context(Site(beside, "app.commands.bench.yardsticks:application"))
        ours = our_rows(made.key)
        rows = [
            *((row, bare) for row in yardstick_rows()),
            *((row, anew if row.is_made_anew else site) for row in ours),
        ]
        with steps.step("Runs"):
            report.figures = measuring.measure(
                rows, ground, connections=connections, seconds=seconds, rounds=rounds, progress=steps.part
            )
        with steps.step("Counting statements"):
            report.statements = measuring.statements(rows, ground)
            report.checkout = measuring.checkout_statements(ground, site)
            for what, path in FIRST_SEEN.items():
                took = measuring.first_after_a_change(ground, site, made.shops[SHOP], path)
                report.notes[f"{what}, first after a change, ms"] = took
        with steps.step("Memory"):
            report.notes["web workers with their parent, MB of PSS after the runs"] = site.memory()
            report.notes["yardsticks beside it (Flask and SQLAlchemy alone), MB of PSS"] = bare.memory()
            report.notes["yardsticks beside it, seconds until ready"] = bare.ready_after
    with steps.step("Webhooks and tokens"):
        delivering.measure(report, made)
    with steps.step("Plugins"):
        plugging.measure(report, ground, made, seconds, rounds, steps.part)
    report.check_rows(ours)
    memory = report.notes["web workers with their parent, MB of PSS after the runs"]
    report.check("two web workers with their parent", memory, MOST_MEMORY, " MB")
    report.check("a web process alone is ready", statistics.median(starts), MOST_START, " s")


def start_alone(made: Made) -> float:
    """Seconds from the start of one web process to its first right answer."""
    with Site(replace(made.configured, web_workers=1)) as site:
        return site.ready_after
