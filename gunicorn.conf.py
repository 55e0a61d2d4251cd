"""How gunicorn runs Livery: `gunicorn wsgi:application` in this folder is all it takes.

The application is loaded once and then forked, so that the processes share its memory. A connection pool must not be
shared: it would hand one request's connection, with another tenant on it, to a second process (docs/decisions).
"""

import gc
import logging
import os
import signal
import sys
from typing import Any

from app import settings
from app.core import db
from app.core.unprivileged import dies_with_parent

_is_cold = ["alone"] if settings.current().web_workers == 1 else []
gc.disable()  # what is loaded before the fork stays for good: looking through it again and again is a tenth of a start
_settings = settings.current()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
preload_app = True
control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file, unlinked as soon as it is open
keepalive = 5
timeout = 60
graceful_timeout = 20
loglevel = _settings.log_level.lower()


def when_ready(server: Any) -> None:
    """Set everything that is loaded by now apart from the collector, which would copy its pages by touching them."""
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Begin with no inherited connection, collect what is made from now on, and end when the master ends."""
    gc.enable()
    db.forget_connections()
    dies_with_parent(signal.SIGTERM, parent=server.pid)()


def post_request(worker: Any, req: Any, environ: Any, resp: Any) -> None:
    """In a process alone: load behind its first answer, which is to its supervisor, what copies would have shared."""
    if _is_cold:
        _is_cold.clear()
        sys.modules["app.factory"].warm_up(worker.wsgi)  # loaded by now, and not when this file is read


def worker_exit(server: Any, worker: Any) -> None:
    """End at once: taking a thousand modules apart in order costs seconds and gives the kernel nothing it needs."""
    if worker.booted:
        logging.shutdown()
        os._exit(0)
