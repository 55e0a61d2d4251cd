"""serve and worker: one part of an installation by itself."""

import logging
import os
import signal
import threading

import click

from app import settings
from app.commands import installation
from app.commands.application import application
from app.core import jobs, relay
from app.core.supervisor import Supervisor

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
        relaying = threading.Thread(target=relay_until, args=(stop,), name="relay")
        relaying.start()
        try:
            jobs.run_worker(queues or None, concurrency=configured.worker_concurrency)
        finally:
            stop.set()
            relaying.join()


def relay_until(stop: threading.Event) -> None:
    """Turn facts into jobs beside the worker; without it nothing would reach the worker, so both end together."""
    try:
        relay.run_until(stop)
    except Exception:
        log.exception("the relay broke; the worker stops and is started again")
        signal.raise_signal(signal.SIGTERM)
        raise
