"""What doctor finds at real servers, each sound and broken."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import subprocess
import threading
from datetime import timedelta

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.commands import examining
from app.settings import Settings
from tests.factories.certificates import a_certificate
from tests.roles.processes import free_port


@pytest.fixture
def mail_server():
    """A mail server that knows one password."""
    port = free_port()
    controller = Controller(
        object(), hostname="127.0.0.1", port=port, auth_required=True, auth_require_tls=False,
        authenticator=lambda _s, _p, _e, _m, said: AuthResult(success=said.password == b"right", handled=False),
    )  # fmt: skip
    controller.start()
    yield port
    controller.stop()


def test_a_mail_server_is_tried_with_its_password(mail_server):
    def found(url: str) -> list[str]:
        return examining.mail(Settings(smtp_url=url))

    assert found(f"smtp://shop:right@127.0.0.1:{mail_server}") == []
    [refused] = found(f"smtp://shop:wrong@127.0.0.1:{mail_server}")
    assert "refuses us with 535" in refused and "wrong" not in refused
    [away] = found(f"smtp://shop:right@127.0.0.1:{free_port()}")
    assert "cannot be reached (ConnectionRefusedError)" in away
    assert found("mail.example") == ["LIVERY_SMTP_URL must look like smtp://user:password@host:587."]


def test_production_without_a_mail_server_is_told():
    assert examining.mail(Settings(environment="production")) == ["LIVERY_SMTP_URL is not set: no mail leaves."]
    assert examining.mail(Settings()) == []


@pytest.fixture
def redis_at(tmp_path):
    """A redis-server on a socket."""
    where = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(where), "--save", "", "--maxmemory", "64mb"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    next(line for line in program.stdout if "ready to accept connections" in line.lower())
    yield f"unix://{where}"
    program.kill()
    program.wait()


def test_redis_answers_and_forgets_what_is_old_when_it_is_full(redis_at):
    from redis import Redis

    configured = Settings(redis_url=redis_at)
    assert "allkeys-lru" in examining.cache(configured)[0]

    with Redis.from_url(redis_at) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    assert examining.cache(configured) == []
    assert examining.cache(Settings()) == []
    [away] = examining.cache(Settings(redis_url=f"redis://127.0.0.1:{free_port()}"))
    assert away.startswith("Redis does not answer (ConnectionError)")


def test_a_clock_that_runs_apart_is_told(server, configured):
    """The database's own clock, moved by a function of that name that is found first."""
    assert examining.clock(configured) == []
    here = server.url("postgres", conninfo_to_dict(configured.database_url)["dbname"])
    with psycopg.connect(here) as owner:
        owner.execute("create schema skewed")
        owner.execute(
            "create function skewed.clock_timestamp() returns timestamptz language sql"
            " as $$select pg_catalog.clock_timestamp() - interval '90 seconds'$$"
        )
        owner.execute("grant usage on schema skewed to public")
    late = make_conninfo(configured.database_url, options="-c search_path=skewed,pg_catalog")
    try:
        [told] = examining.clock(dataclasses.replace(configured, database_url=late))
    finally:
        with psycopg.connect(here) as owner:
            owner.execute("drop schema skewed cascade")

    assert "90 s apart" in told or "89 s apart" in told


def test_a_queue_that_nobody_works_on_is_told(app, configured):
    with psycopg.connect(configured.operator_url, options="-c search_path=jobs") as connection:
        [job] = connection.execute(
            "insert into jobs.procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " values ('never', 'never', '{}', now() - interval '20 minutes') returning id"
        ).fetchone()
        connection.commit()
        try:
            [told] = examining.queue(configured)
        finally:
            connection.execute("delete from jobs.procrastinate_jobs where id = %s", (job,))
    assert told.endswith("see that a worker runs, or start another.")
    assert int(told.split()[0]) >= 1


@pytest.fixture
def shown(tmp_path):
    """An address that shows a certificate of our own: `shown(days)` answers with its port and who vouches for it."""
    ended = threading.Event()
    sockets = []

    def show(days: int) -> tuple[int, ssl.SSLContext]:
        file = a_certificate(tmp_path, "localhost", lasts=timedelta(days=days))
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(file)
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def answer() -> None:
            while not ended.is_set():
                try:
                    plain, _ = listening.accept()
                    with ours.wrap_socket(plain, server_side=True):
                        pass
                except OSError:
                    continue

        threading.Thread(target=answer, daemon=True).start()
        return listening.getsockname()[1], ssl.create_default_context(cafile=str(file))

    yield show
    ended.set()
    for one in sockets:
        one.close()


def test_a_certificate_is_looked_at_as_browsers_do(shown):
    port, believed = shown(90)
    assert examining.certificate_of("localhost", port, believed) == []
    [refused] = examining.certificate_of("localhost", port)
    assert refused.startswith("Browsers refuse the certificate of localhost: self")

    port, believed = shown(3)
    [ends] = examining.certificate_of("localhost", port, believed)
    assert "ends in 2 days" in ends
    [away] = examining.certificate_of("localhost", free_port())
    assert "cannot be reached" in away


def test_a_laptop_needs_no_certificate():
    assert examining.certificate(Settings()) == []
    assert examining.certificate(Settings(environment="production", public_scheme="http")) == []
