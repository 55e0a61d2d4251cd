"""Webhooks cannot be talked into reaching what is inside."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.core import db, http
from app.core.errors import InvalidInput
from app.core.ids import new_id
from app.platform.webhooks import calling, queries, service
from app.platform.webhooks.queries import Target
from app.platform.webhooks.schemas import DeliveryFilter, EndpointForm
from tests.platform.webhooks.conftest import happen, placed

SECRET = "whsec_" + "A" * 43 + "="


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
        "https://0x7f000001/", "https://example.com:8443/", "ftp://example.com/", "https://user:word@example.com/",
        "https://2130706433/", "not an address", "https://",
    ],
)  # fmt: skip
def test_an_address_that_is_never_called_is_refused_when_it_is_typed(owner, url):
    with pytest.raises(InvalidInput) as refusal:
        service.add_endpoint(EndpointForm(url=url, facts=["orders.order_placed"]), by=owner)

    assert "url" in refusal.value.errors


def test_a_name_that_leads_inside_is_refused_at_each_sending(receiver, owner, pump):
    service.add_endpoint(EndpointForm(url="https://localhost/", facts=["orders.order_placed"]), by=owner)
    happen(placed(new_id()))
    pump.drain()

    delivery = queries.deliveries(queries.all_endpoints()[0].id, DeliveryFilter()).rows[0]
    (attempt,) = queries.attempts_of(delivery.id)
    assert attempt.status is None
    assert attempt.error == "This address is not called from here."


class Rebinding:
    """A name that is public when it is checked and inside when it is called."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        """93.184.215.14 the first time, 127.0.0.1 from then on."""
        self.asked += 1
        return ["93.184.215.14"] if self.asked == 1 else ["127.0.0.1"]


def test_a_name_that_changes_its_answer_never_reaches_us(receiver, monkeypatch):
    resolve = Rebinding()
    client = http.guarded_client(resolve=resolve, has_breaker=False)
    client.timeout = 0.2
    monkeypatch.setattr(calling, "_client", lambda: client)
    target = Target(f"http://rebinding.example:{receiver.port}/", (SECRET,))

    answers = [calling.call(target, calling.Parcel(new_id(), b"{}")) for _ in range(3)]

    assert [one.status for one in answers] == [None, None, None]
    assert receiver.seen == []


def test_control_an_opened_network_is_reached(receiver, opened):
    answer = calling.call(Target(receiver.url, (SECRET,)), calling.Parcel(new_id(), b"{}"))

    assert answer.status == 204


def test_a_redirect_is_a_failure_and_is_not_followed(receiver, opened):
    receiver.status, receiver.headers = 302, {"Location": receiver.url}

    answer = calling.call(Target(receiver.url, (SECRET,)), calling.Parcel(new_id(), b"{}"))

    assert not answer.is_success
    assert len(receiver.seen) == 1


def test_a_long_answer_is_cut(receiver, opened):
    receiver.status, receiver.answer = 200, b"x" * 100_000

    answer = calling.call(Target(receiver.url, (SECRET,)), calling.Parcel(new_id(), b"{}"))

    assert answer.is_success
    assert len(answer.body) == calling.LONGEST_BODY


def test_secrets_are_not_readable_in_the_database(endpoint):
    stored = db.session.execute(
        text("select secret from webhook_endpoint where tenant_id = :tenant"), {"tenant": endpoint.tenant_id}
    ).scalar_one()

    assert endpoint.text.encode() not in bytes(stored)
