"""Messages leave by a real mail server on this machine, in the shop's name and nobody else's."""

import dataclasses
import email
import email.policy
import smtplib
import socket
import ssl
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app import settings
from app.core import db, ids
from app.platform.mail import delivery, jobs, service
from app.platform.mail.delivery import MailboxDelivery, NoDelivery, NotDelivered, SmtpDelivery
from app.platform.mail.envelope import Letter, as_email
from app.platform.mail.errors import NotAnAddress
from app.platform.tenancy import queries as tenancy


class Server:
    """Takes messages, or answers what it was told to answer."""

    def __init__(self) -> None:
        self.received: list[email.message.EmailMessage] = []
        self.answer = "250 OK"
        self.greeted_as: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the server's own name for it
        self.greeted_as.append(session.host_name)
        if self.answer.startswith("250"):
            self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.answer

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - as above
        if address.startswith("unknown@"):
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def smtp() -> Iterator[SimpleNamespace]:
    """A mail server that wants the password."""
    handler = Server()

    def is_right(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"shop@x", b"p@ss:word"), handled=False)

    port = free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, authenticator=is_right, auth_required=True, auth_require_tls=False
    )
    controller.start()
    yield SimpleNamespace(handler=handler, url=f"smtp://shop%40x:p%40ss%3Aword@127.0.0.1:{port}", port=port)
    controller.stop()


@pytest.fixture
def by_smtp(smtp, configured) -> Iterator[SimpleNamespace]:
    """The installation delivers by that server."""
    settings.use(dataclasses.replace(settings.current(), smtp_url=smtp.url, mail_from="mail@post.example"))
    yield smtp
    settings.use(configured)


def arrived_from(shop, smtp) -> list[email.message.EmailMessage]:
    """What came from this shop: another test's delivery may be tried again meanwhile."""
    return [message for message in smtp.handler.received if message["Message-ID"].endswith(f"@{shop.host}>")]


def letter(**values) -> Letter:
    known = {
        "id": ids.new_id(), "to": "ines@example.com", "subject": "Hello", "html": "<p>Hello</p>", "text": "Hello\n",
        "shop_name": "Kiln & Co", "reply_to": "help@kiln.example", "host": "kiln.localhost",
    }  # fmt: skip
    return Letter(**known | values)


def test_a_shops_message_arrives_with_both_bodies_and_the_shops_headers(app, shop, by_smtp, run_jobs, outbox):
    with app.app_context(), shop.entered():
        tenancy.lock_shop().contact_email = "help@shop.example"
        message = service.send(
            "staff/mail/reset", "ines@example.com", subject="New password", key="k", name="Inés", link="http://x/y"
        )

    run_jobs()

    arrived = arrived_from(shop, by_smtp)[0]
    assert arrived["From"] == f"{shop.name} <mail@post.example>"
    assert arrived["To"] == "ines@example.com"
    assert arrived["Reply-To"] == f"{shop.name} <help@shop.example>"
    assert arrived["Subject"] == "New password"
    assert arrived["Message-ID"] == f"<{message.id}@{shop.host}>"
    assert arrived.get_body(("plain",)).get_content().startswith("Set a new password")
    assert "Inés" in arrived.get_body(("html",)).get_content()
    assert (outbox[0].status, outbox[0].attempts, outbox[0].error) == ("sent", 1, "")
    assert outbox[0].sent_at is not None


def test_no_header_and_no_greeting_names_the_product_or_the_machine(app, shop, by_smtp, run_jobs):
    with app.app_context(), shop.entered():
        service.send("staff/mail/password_changed", "ines@example.com", subject="Changed", key="k", name="Ines")

    run_jobs()

    arrived = arrived_from(shop, by_smtp)[0]
    assert "livery" not in arrived.as_string().lower()
    assert not {"x-mailer", "user-agent", "x-originating-ip"} & {name.lower() for name, _ in arrived.items()}
    assert shop.host in by_smtp.handler.greeted_as
    assert all(name.endswith(".localhost") for name in by_smtp.handler.greeted_as)


@pytest.mark.parametrize(
    "name", ["Kiln\r\nBcc: everybody@example.com", "Kiln\nX-Evil: 1", "Ki\x00ln", "Kiln\u2028Bcc: x@y.z"]
)
def test_a_name_or_subject_cannot_add_a_header(name):
    message = as_email(letter(shop_name=name, subject=name))

    assert {header.lower() for header, _ in message.items()} <= {
        "from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
    }  # fmt: skip
    assert "\nbcc" not in message.as_string().lower()


@pytest.mark.parametrize(
    "to",
    ["ines@example.com\r\nBcc: x@example.com", "ines@example.com, x@example.com", "ines", "", "<ines@example.com>"],
)
def test_an_address_that_is_more_than_one_is_refused(in_shop, to):
    with pytest.raises(NotAnAddress):
        as_email(letter(to=to))
    with pytest.raises(NotAnAddress):
        service.send("staff/mail/reset", to, subject="x", key="k", name="x", link="x")


def test_control_the_bare_library_would_send_to_both():
    message = email.message.EmailMessage()
    message["To"] = "ines@example.com, x@example.com"

    assert len(message["To"].addresses) == 2


def test_a_server_that_is_busy_is_asked_again_and_the_reason_is_kept(app, shop, by_smtp, run_jobs, outbox):
    by_smtp.handler.answer = "451 Busy"
    with app.app_context(), shop.entered():
        service.send("staff/mail/password_changed", "ines@example.com", subject="x", key="k", name="x")

    run_jobs()

    assert (outbox[0].status, outbox[0].error, outbox[0].attempts >= 1) == ("queued", "451 Busy", True)


def test_an_address_that_does_not_exist_fails_for_good(app, shop, by_smtp, run_jobs, outbox):
    with app.app_context(), shop.entered():
        service.send("staff/mail/password_changed", "unknown@example.com", subject="x", key="k", name="x")

    run_jobs()

    assert (outbox[0].status, outbox[0].error, outbox[0].attempts) == ("failed", "550 No such person", 1)


def test_a_wrong_password_is_our_mistake_and_is_tried_again(smtp):
    wrong = smtp.url.replace("p%40ss", "other")

    with pytest.raises(NotDelivered, match="535") as refusal:
        SmtpDelivery(wrong).deliver(letter())

    assert not refusal.value.is_final


def test_a_server_that_is_away_is_tried_again():
    with pytest.raises(NotDelivered) as refusal:
        SmtpDelivery("smtp://127.0.0.1:9").deliver(letter())

    assert not refusal.value.is_final


def test_a_server_without_encryption_is_refused_where_it_is_required(smtp):
    with pytest.raises(NotDelivered, match="STARTTLS"):
        SmtpDelivery(f"{smtp.url}?tls=required").deliver(letter())

    assert smtp.handler.received == []


def test_a_server_that_offers_encryption_must_show_a_certificate_that_is_trusted(untrusted_tls):
    handler, port = Server(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=untrusted_tls)
    controller.start()
    try:
        with pytest.raises(NotDelivered, match="CERTIFICATE_VERIFY_FAILED") as refusal:
            SmtpDelivery(f"smtp://127.0.0.1:{port}").deliver(letter())
    finally:
        controller.stop()

    assert not refusal.value.is_final
    assert handler.received == []


def test_an_encrypted_connection_delivers(untrusted_tls, monkeypatch):
    handler, port = Server(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=untrusted_tls, require_starttls=True)
    controller.start()
    monkeypatch.setattr(ssl, "create_default_context", ssl._create_unverified_context)
    try:
        SmtpDelivery(f"smtp://127.0.0.1:{port}?tls=required").deliver(letter())
    finally:
        controller.stop()

    assert [message["To"] for message in handler.received] == ["ines@example.com"]


def test_a_password_never_travels_in_the_clear(monkeypatch):
    sent: list[str] = []

    class Connection:
        def __init__(self, *_: object, **__: object) -> None:
            """Offers nothing."""

        ehlo = has_extn = close = lambda self, *_: False

        def login(self, *_: str) -> None:
            sent.append("password")

    monkeypatch.setattr(smtplib, "SMTP", Connection)

    with pytest.raises(NotDelivered, match="without encryption"):
        SmtpDelivery("smtp://shop:word@mail.example").deliver(letter())

    assert sent == []


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"smtp_url": "smtp://mail.example"}, SmtpDelivery),
        ({"environment": "development"}, MailboxDelivery),
        ({"environment": "production"}, NoDelivery),
    ],
)
def test_the_settings_choose_the_way_out(configured, changes, way):
    settings.use(dataclasses.replace(configured, **changes))
    try:
        assert isinstance(delivery.current(), way)
    finally:
        settings.use(configured)


def test_production_without_a_server_loses_nothing():
    with pytest.raises(NotDelivered) as refusal:
        NoDelivery().deliver(letter())

    assert not refusal.value.is_final


def test_a_message_that_was_delivered_is_not_delivered_again(app, shop, by_smtp, run_jobs):
    with app.app_context(), shop.entered():
        message = service.send("staff/mail/password_changed", "ines@example.com", subject="x", key="k", name="x")
    run_jobs()

    with app.app_context(), shop.entered():
        jobs.deliver(message_id=message.id)
        db.flush()

    assert len(arrived_from(shop, by_smtp)) == 1
