"""What doctor asks beyond keys and tables: the clock, the mail server, Redis, the certificate and the queue."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg

from app.core.later import later
from app.platform.mail.delivery import NotDelivered, SmtpDelivery
from app.settings import Settings

redis = later("redis")
MOST_SKEW = timedelta(seconds=5)
"""Tokens and signed links allow a little; a code of an app is good for half a minute."""
LONGEST_WAIT = timedelta(minutes=5)
SOON = timedelta(days=14)
_SECONDS = 5.0


def clock(configured: Settings) -> list[str]:
    """This machine and the database tell the same time."""
    with psycopg.connect(configured.database_url) as connection:
        before = datetime.now(UTC)
        [theirs] = connection.execute("select clock_timestamp()").fetchone() or [before]
        after = datetime.now(UTC)
    skew = max(before - theirs, theirs - after, timedelta())
    if skew <= MOST_SKEW:
        return []
    return [f"This machine and the database are {skew.total_seconds():.0f} s apart: let both follow a time server."]


def mail(configured: Settings) -> list[str]:
    """The mail server answers and takes our name and password; nothing is sent."""
    if not configured.smtp_url:
        return ["LIVERY_SMTP_URL is not set: no mail leaves."] if configured.is_production else []
    named = urlsplit(configured.smtp_url)
    if named.scheme not in {"smtp", "smtps"} or not named.hostname:
        return ["LIVERY_SMTP_URL must look like smtp://user:password@host:587."]
    try:
        SmtpDelivery(configured.smtp_url).try_out(configured.domain)
    except NotDelivered as problem:
        return [f"The mail server {named.hostname}: {problem}"]
    except smtplib.SMTPResponseException as refused:
        return [f"The mail server {named.hostname} refuses us with {refused.smtp_code}: see its user and password."]
    except (smtplib.SMTPException, OSError) as problem:
        return [f"The mail server {named.hostname} cannot be reached ({type(problem).__name__}): see LIVERY_SMTP_URL."]
    return []


def cache(configured: Settings) -> list[str]:
    """Redis, where one is named, answers and forgets old values when it is full."""
    if not configured.redis_url:
        return []
    try:
        client = redis.Redis.from_url(
            configured.redis_url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, retry=None
        )
        with client:
            client.ping()
            told = client.info("memory")
    except (redis.RedisError, OSError, ValueError) as problem:
        return [f"Redis does not answer ({type(problem).__name__}): see REDIS_URL. Pages work and are slower."]
    if told.get("maxmemory") and told.get("maxmemory_policy") == "noeviction":
        return ["Redis refuses new values when it is full: set maxmemory-policy to allkeys-lru."]
    return []


def certificate(configured: Settings) -> list[str]:
    """In production the platform's own address shows a certificate that browsers take, and for a while yet."""
    if not configured.is_production or not configured.public_origin(configured.domain).startswith("https:"):
        return []
    return certificate_of(configured.domain, 443)


def certificate_of(host: str, port: int, context: ssl.SSLContext | None = None) -> list[str]:
    """What is wrong with the certificate that this address shows; the system's authorities are believed."""
    context = context or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as wrong:
        return [f"Browsers refuse the certificate of {host}: {wrong.verify_message}."]
    except OSError as problem:
        return [f"https://{host} cannot be reached from here ({type(problem).__name__})."]
    left = timedelta(seconds=ssl.cert_time_to_seconds(str(shown["notAfter"])) - time.time())
    return [f"The certificate of {host} ends in {left.days} days: renew it."] if left < SOON else []


def queue(configured: Settings) -> list[str]:
    """Jobs whose time has come are worked on."""
    if not configured.operator_url:
        return ["LIVERY_OPERATOR_URL is not set, so jobs can neither be put nor seen."]
    with psycopg.connect(configured.operator_url) as connection:
        if connection.execute("select to_regclass('jobs.procrastinate_jobs')").fetchone() == (None,):
            return []
        row = connection.execute(_WAITING).fetchone()
    waits, since = row or (0, None)
    if since is None or datetime.now(UTC) - since <= LONGEST_WAIT:
        return []
    minutes = int((datetime.now(UTC) - since).total_seconds() // 60)
    return [f"{waits} jobs wait, the oldest for {minutes} minutes: see that a worker runs, or start another."]


_WAITING = """
select count(*), min(coalesce(job.scheduled_at, put.at)) from jobs.procrastinate_jobs job
  join lateral (select max(at) as at from jobs.procrastinate_events one
    where one.job_id = job.id and one.type = 'deferred') put on true
where job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now()
"""
