"""How a message leaves: by SMTP where the settings name a server, into the mailbox page on a developer's machine."""

import smtplib
import ssl
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from app import settings
from app.platform.mail.envelope import Letter, as_email

TIME_OUT_SECONDS = 15
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NotDelivered(Exception):
    """It did not leave; `is_final` says that trying again is useless."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Delivery(Protocol):
    """A way out for one message."""

    def deliver(self, letter: Letter) -> None:
        """Hand the message over, or raise NotDelivered."""


class MailboxDelivery:
    """Development: the message stays in its table, where the mailbox page shows it."""

    def deliver(self, letter: Letter) -> None:
        """Nothing leaves; what could not be sent is refused all the same."""
        as_email(letter)


class NoDelivery:
    """Production without a mail server: say so, rather than losing messages silently."""

    def deliver(self, letter: Letter) -> None:
        """Always refuses; the message waits for the server to be named."""
        raise NotDelivered("LIVERY_SMTP_URL is not set.", is_final=False)


class SmtpDelivery:
    """A server named as smtp://user:password@host:587 or smtps://host:465.

    STARTTLS is used whenever the server offers it; `?tls=required` insists. A password never travels in the clear,
    except to this machine itself.
    """

    def __init__(self, url: str) -> None:
        self.server: SplitResult = urlsplit(url)
        self.must_encrypt = parse_qs(self.server.query).get("tls") == ["required"]

    def deliver(self, letter: Letter) -> None:
        """Connect, send one message, leave."""
        try:
            with self._connected(letter.host) as connection:
                connection.send_message(as_email(letter))
        except smtplib.SMTPRecipientsRefused as refused:
            code, reason = next(iter(refused.recipients.values()))
            raise NotDelivered(f"{code} {reason.decode(errors='replace')}", is_final=code >= 500) from refused
        except smtplib.SMTPResponseException as refused:
            raise NotDelivered(_sentence(refused), is_final=_is_final(refused)) from refused
        except (smtplib.SMTPException, OSError) as problem:
            raise NotDelivered(f"{type(problem).__name__}: {problem}"[:300], is_final=False) from problem

    def try_out(self, local_name: str) -> None:
        """Connect and sign in, and leave again. Raises what smtplib and sockets raise, and NotDelivered."""
        with self._connected(local_name) as connection:
            connection.noop()

    def _connected(self, local_name: str) -> smtplib.SMTP:
        host = self.server.hostname or "localhost"
        secure = ssl.create_default_context()
        connection: smtplib.SMTP
        if self.server.scheme == "smtps":
            connection = smtplib.SMTP_SSL(
                host, self.server.port or 465, local_hostname=local_name, timeout=TIME_OUT_SECONDS, context=secure
            )
            is_encrypted = True
        else:
            connection = smtplib.SMTP(
                host, self.server.port or 587, local_hostname=local_name, timeout=TIME_OUT_SECONDS
            )
            is_encrypted = self._start_tls(connection, secure)
        self._sign_in(connection, is_encrypted)
        return connection

    def _start_tls(self, connection: smtplib.SMTP, secure: ssl.SSLContext) -> bool:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=secure)
            connection.ehlo()
            return True
        if self.must_encrypt:
            raise NotDelivered("The mail server does not offer STARTTLS.", is_final=False)
        return False

    def _sign_in(self, connection: smtplib.SMTP, is_encrypted: bool) -> None:
        if not self.server.username:
            return
        if not is_encrypted and self.server.hostname not in _LOOPBACK:
            raise NotDelivered("The mail server wants a password without encryption.", is_final=False)
        connection.login(unquote(self.server.username), unquote(self.server.password or ""))


def current() -> Delivery:
    """The way out that the settings ask for."""
    configured = settings.current()
    if configured.smtp_url:
        return SmtpDelivery(configured.smtp_url)
    return NoDelivery() if configured.is_production else MailboxDelivery()


def _is_final(refused: smtplib.SMTPResponseException) -> bool:
    """5xx is for good, except a refused sign-in: that is our configuration, and it can be mended."""
    return refused.smtp_code >= 500 and not isinstance(refused, smtplib.SMTPAuthenticationError)


def _sentence(refused: smtplib.SMTPResponseException) -> str:
    reason = refused.smtp_error
    return f"{refused.smtp_code} {reason.decode(errors='replace') if isinstance(reason, bytes) else reason}"[:300]
