"""serve and worker: one part of an installation by itself."""

import logging
import os
import signal
import threading
from collections.abc import Callable

import click

from app import settings
from app.commands import installation
from app.commands.application import application
from app.core import jobs, relay
from app.core.supervisor import Supervisor
from app.platform.webhooks.pump import Pump, listen_until

log = logging.getLogger("app.worker")


@click.command("serve")
def serve() -> None:
    """The web server alone, in the foreground; LIVERY_ROLE chooses which doors it answers.

    With DATABASE_URL this process becomes gunicorn. Without, the embedded database runs beside it.
    """
    configured = settings.current()
    if configured.role == "worker":
        raise click.UsageError("LIVERY_ROLE is worker, which answers no doors: run ./livery worker.")
    if configured.database_url:
        command = installation.gunicorn()
        os.execve(command[0], command, installation.environment(configured))  # noqa: S606 - becomes gunicorn
    with installation.database() as complete, Supervisor(report=lambda said: click.echo(said, err=True)) as supervisor:
        web = installation.web(complete)
        supervisor.add(web)
        address = complete.public_origin(complete.domain)
        click.echo(f"Serving {complete.role} at {address}; its log is {web.log}.", err=True)
        supervisor.watch()


@click.command("worker")
def worker() -> None:
    """The background jobs alone, in the foreground; SIGTERM lets a job in hand finish."""
    configured = settings.current()
    queues = [name.strip() for name in configured.worker_queues.split(",") if name.strip()]
    stop = threading.Event()
    with application():
        pump = Pump()
        beside = [
            threading.Thread(target=beside_the_worker, args=(what, stop), name=name)
            for name, what in {
                "relay": relay.run_until,
                "webhooks": pump.run_until,
                "webhooks-ear": lambda end: listen_until(end, pump),
            }.items()
        ]
        for thread in beside:
            thread.start()
        try:
            jobs.run_worker(queues or None, concurrency=configured.worker_concurrency)
        finally:
            stop.set()
            pump.wake()
            for thread in beside:
                thread.join()


def beside_the_worker(run: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Relay facts and send webhooks beside the jobs; should one of them break, the whole worker is started anew."""
    try:
        run(stop)
    except Exception:
        log.exception("%s broke; the worker stops and is started again", threading.current_thread().name)
        signal.raise_signal(signal.SIGTERM)
        raise
