"""What plugins cost a shop that has them on, and every shop where they are only installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.commands import installation
from app.commands.bench import measuring
from app.commands.bench.browsing import Browser
from app.commands.bench.filling import WHOLE_SHELF
from app.commands.bench.ground import SHOP, Ground, Made, Site, free_port
from app.commands.bench.report import Report
from app.commands.bench.rows import Row, our_rows
from app.core import db, isolation, listening
from app.core.access import system_actor
from app.core.trouble import Trouble
from app.factory import create_app
from app.platform.plugins import service, standing
from app.platform.plugins.declaring import Plugin
from app.pluginapi.plugin import install

ON, OFF = 10, 1_000
MOST_WITH_TEN, MOST_BY_OFF, MOST_LOADING = 1.1, 1.1, 100.0
LOADING = "plugin set of a shop, warm, us of CPU"
_ASKED = 20_000
_WORDS = "Shown by plugin"
_CONNECTIONS = 8
_SLOTS = ("shop.footer", "product.below_price", "order.side", "cart.below_sums")


def _plugin(number: int) -> Plugin:
    """One that shows something at the foot of every page, fills a slot of another page and hears of orders."""

    def show(told: Any) -> str:
        return f"<p>{_WORDS} {number}</p>"

    slots = {"shop.footer": show, _SLOTS[number % len(_SLOTS)]: show}
    return Plugin(
        f"bench_{number}",
        "1.0",
        slots=slots,
        listens={"orders.order_placed": lambda fact: None},
        title=f"Bench {number}",
    )


def application(how_many: int) -> Any:
    """The product with so many plugins installed."""
    made = create_app()
    for number in range(how_many):
        install(_plugin(number), is_bundled=False)
    return made


def __getattr__(name: str) -> Any:
    """`ten` and `thousand` for the WSGI server; made when they are asked for."""
    if name == "ten":
        return application(ON)
    if name == "thousand":
        return application(ON + OFF)
    raise AttributeError(name)


def measure(report: Report, ground: Ground, made: Made, seconds: float, rounds: int, progress: Any) -> None:
    """Switch ten on in the shop and drive its collection page, in turn: none installed, ten on, a thousand more off."""
    command = [sys.executable, "-m", "app.commands.bench.plugging", str(made.shops[SHOP])]
    environment = installation.environment(replace(made.configured, port=free_port()))
    told = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    report.notes |= json.loads(told.stdout.splitlines()[-1])
    shelf = next(row for row in our_rows(made.key) if row.name.startswith("collection"))
    kinds = {"no plugin": "wsgi:application", "ten on": f"{__name__}:ten", "ten on, 1,000 off": f"{__name__}:thousand"}
    rows: list[tuple[Row, Site]] = []
    with ExitStack() as open_sites:
        for kind, module in kinds.items():
            site = Site(replace(made.configured, port=free_port(), page_cache_mb=0), module)
            _refuse_another_page(open_sites.enter_context(site), kind)
            rows.append((replace(shelf, name=f"{shelf.name}: {kind}"), site))
        figures = measuring.measure(
            rows, ground, connections=[_CONNECTIONS], seconds=seconds, rounds=rounds, progress=progress
        )
    report.figures += figures
    none, ten, thousand = (one.cpu_ms + one.database_cpu_ms for one in figures)
    report.check("collection page by CPU, ten plugins on against none", ten / none, MOST_WITH_TEN, "x")
    report.check("the same with 1,000 more that are off, against ten", thousand / ten, MOST_BY_OFF, "x")
    report.check("the plugin set of a shop, warm", report.notes[LOADING], MOST_LOADING, " us")


def _refuse_another_page(site: Site, kind: str) -> None:
    """What is measured must be what its name says."""
    shown = Browser(site.host(), site.port).get(f"/collections/{WHOLE_SHELF}").count(_WORDS)
    if shown != (0 if kind == "no plugin" else ON):
        raise Trouble(f"The page with {kind} shows {shown} plugins.")


def figures_of(tenant: UUID) -> dict[str, float]:
    """Switch the ten on, and measure what it takes to know which are on, in a process that hears of changes."""
    made = application(ON)
    with made.app_context():
        with db.unit_of_work(tenant):
            for number in range(ON):
                service.switch(f"bench_{number}", "on", by=system_actor("bench"))
        listening.listener.wait_until_heard()
        with isolation.entered(tenant):
            standing.current()
            began = time.process_time()
            for _ in range(_ASKED):
                standing.current().slots.get("shop.footer")
            return {LOADING: (time.process_time() - began) / _ASKED * 1e6}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures_of(UUID(sys.argv[1]))) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the listener's thread waits on its connection
