"""From a fact to another program: signed, at least once, in order, and tried again for three days."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select, text, update
from standardwebhooks import Webhook, WebhookVerificationError

from app.core import db, relay
from app.core.ids import new_id, to_public
from app.platform.mail.models import OutgoingMessage
from app.platform.tenancy import service as tenants
from app.platform.webhooks import queries, schedule, service, sweeping
from app.platform.webhooks.calling import Answer
from app.platform.webhooks.models import WebhookAttempt, WebhookDelivery
from app.platform.webhooks.pump import Pump, connect
from app.platform.webhooks.schemas import ReplayForm
from app.shop.catalog.events import ProductCreated
from app.shop.orders.events import OrderPaid
from tests.platform.webhooks.conftest import added, happen, placed


def rows():
    """Every delivery of this shop in the order in which they were made."""
    db.session.expire_all()
    return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.number)))


def make_due():
    """Let every waiting delivery be due now, as if the time had passed."""
    db.session.execute(update(WebhookDelivery).values(next_at=datetime.now(UTC) - timedelta(seconds=1)))
    db.session.commit()


def test_a_fact_arrives_signed_with_ids_as_the_api_writes_them(endpoint, receiver, pump):
    order = new_id()
    happen(placed(order))

    assert pump.drain() == 1
    headers, body = receiver.seen[0]
    told = Webhook(endpoint.text).verify(body, headers)
    assert told["type"] == "orders.order_placed"
    assert told["version"] == 1
    assert told["data"] == {"order_id": to_public("ord", order), "number": "1001"}
    assert headers["webhook-id"].startswith("evt_")
    assert [(one.state, one.attempts, one.last_status) for one in rows()] == [("delivered", 1, 204)]


def test_control_another_secret_or_a_changed_body_is_refused(endpoint, receiver, pump, receivers, owner):
    other = added(receivers().url, owner)
    happen(placed(new_id()))
    pump.drain()
    headers, body = receiver.seen[0]

    with pytest.raises(WebhookVerificationError):
        Webhook(other.text).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.text).verify(body.replace(b"1001", b"1002"), headers)


def test_only_chosen_facts_are_told_and_another_shop_hears_nothing(endpoint, receiver, pump, other_shop, app):
    happen(ProductCreated(product_id=new_id(), handle="vase"))
    with other_shop.entered():
        happen(placed(new_id()))

    assert pump.drain() == 0
    assert rows() == []


def test_a_failure_is_tried_again_and_the_log_tells_both(endpoint, receiver, pump):
    receiver.status, receiver.answer = 500, b"out of order"
    happen(placed(new_id()))
    pump.drain()
    receiver.status = 200
    assert pump.drain() == 0, "not before its time"
    make_due()
    pump.drain()

    (delivery,) = rows()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    attempts = queries.attempts_of(delivery.id)
    assert [one.status for one in attempts] == [200, 500]
    assert attempts[1].answer_body == "out of order"
    assert len({headers["webhook-id"] for headers, _ in receiver.seen}) == 1
    assert len({body for _, body in receiver.seen}) == 1


def test_news_about_one_thing_keep_their_order_and_others_do_not_wait(endpoint, receiver, pump):
    first, second = new_id(), new_id()
    receiver.status = 500
    happen(placed(first, "1"), OrderPaid(order_id=first, number="1", amount=1, currency="EUR"))
    pump.drain()
    assert receiver.types == ["orders.order_placed"], "what follows waits for what failed"
    receiver.status = 200
    happen(placed(second, "2"))
    pump.drain()
    assert [msgspec.json.decode(body)["data"]["number"] for _, body in receiver.seen] == ["1", "2"]
    make_due()
    pump.drain()

    assert receiver.types == ["orders.order_placed"] * 3 + ["orders.order_paid"]


def test_ten_attempts_over_about_seventy_five_hours_with_jitter():
    hours = sum(schedule.WAITS) / 3600

    assert schedule.MOST_ATTEMPTS == 10
    assert 70 < hours < 80
    waits = {schedule.wait_after(3) for _ in range(20)}
    assert len(waits) > 1
    assert all(270 <= wait.total_seconds() <= 330 for wait in waits)
    assert schedule.wait_after(10) is None


def test_retry_after_is_honoured_up_to_a_day(endpoint, receiver, pump):
    receiver.status, receiver.headers = 503, {"Retry-After": "600"}
    happen(placed(new_id()))
    pump.drain()

    assert rows()[0].next_at - datetime.now(UTC) > timedelta(minutes=9)
    assert schedule.wait_after(1, asked=10**9) == timedelta(days=1)


def test_gone_pauses_at_once_and_staff_get_a_mail(endpoint, receiver, pump, run_jobs):
    receiver.status = 410
    happen(placed(new_id()))
    pump.drain()
    run_jobs()
    db.session.expire_all()

    assert (endpoint.state, endpoint.paused_because) == ("paused", "gone")
    mail = db.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "webhooks/mail/paused")).one()
    assert "127.0.0.1" in mail.subject
    assert endpoint.url in mail.text


def last_attempt_of(delivery, *, failing_since):
    """Bring a delivery to its tenth attempt, with nine failures behind it."""
    then = datetime.now(UTC) - timedelta(hours=75)
    db.session.execute(update(WebhookDelivery).values(attempts=9, created_at=then))
    for number in range(9):
        at = then + timedelta(hours=number)
        db.add(WebhookAttempt(delivery_id=delivery.id, at=at, milliseconds=1, status=500))
    endpoint = queries.endpoint_or_404(delivery.endpoint_id)
    endpoint.failing_since = failing_since or then
    db.session.commit()


def test_an_endpoint_that_took_nothing_for_days_is_paused_and_never_deleted(endpoint, receiver, pump):
    receiver.status = 500
    happen(placed(new_id()))
    last_attempt_of(rows()[0], failing_since=None)
    make_due()
    pump.drain()
    db.session.expire_all()

    assert rows()[0].state == "failed"
    assert (endpoint.state, endpoint.paused_because) == ("paused", "failing")
    happen(placed(new_id()))
    assert pump.drain() == 0, "a paused endpoint is not called"
    assert len(rows()) == 2, "what happens meanwhile waits"


def test_an_endpoint_that_took_something_meanwhile_is_not_paused(endpoint, receiver, pump):
    receiver.status = 500
    happen(placed(new_id()))
    last_attempt_of(rows()[0], failing_since=datetime.now(UTC) - timedelta(hours=1))
    make_due()
    pump.drain()
    db.session.expire_all()

    assert rows()[0].state == "failed"
    assert endpoint.state == "active"


def test_what_waited_for_a_paused_endpoint_is_sent_when_it_is_resumed(endpoint, receiver, pump, owner):
    service.pause(endpoint.id, by=owner)
    happen(placed(new_id()))
    assert pump.drain() == 0
    service.resume(endpoint.id, by=owner)
    db.session.commit()

    assert pump.drain() == 1


def test_for_a_day_both_secrets_are_right_and_then_only_the_new_one(endpoint, receiver, pump, owner):
    old = endpoint.text
    new = service.rotate_secret(endpoint.id, by=owner)[1]
    happen(placed(new_id()))
    pump.drain()
    headers, body = receiver.seen[-1]
    Webhook(old).verify(body, headers)
    Webhook(new).verify(body, headers)

    endpoint.old_secret_until = datetime.now(UTC) - timedelta(seconds=1)
    happen(placed(new_id()))
    pump.drain()
    headers, body = receiver.seen[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_redelivering_a_test_a_window_and_all_of_history(endpoint, receiver, pump, owner):
    happen(placed(new_id(), "1"))
    middle = datetime.now(UTC)
    happen(placed(new_id(), "2"))
    pump.drain()
    first = rows()[0]

    service.redeliver(first.id, by=owner)
    service.send_test(endpoint.id, by=owner)
    db.session.commit()
    pump.drain()
    assert sorted(receiver.types[2:]) == ["orders.order_placed", "webhooks.test"]
    messages = [headers["webhook-id"] for headers, _ in receiver.seen]
    assert len(messages) == 4
    assert len(set(messages)) == 3, "sent again under the same id"

    assert service.replay(endpoint.id, ReplayForm(since=middle), by=owner) == 1
    assert service.replay(endpoint.id, ReplayForm(), by=owner) == 2
    db.session.commit()
    pump.drain()
    numbers = [msgspec.json.decode(body)["data"].get("number") for _, body in receiver.seen[4:]]
    assert sorted(numbers) == ["1", "2", "2"]
    assert [one.occasion for one in rows()][-3:] == ["replay", "backfill", "backfill"]


def test_a_new_endpoint_is_told_what_happened_before_it_came(opened, receiver, pump, owner):
    happen(placed(new_id(), "1"))
    late = added(receiver.url, owner)

    assert service.replay(late.id, ReplayForm(), by=owner) == 1
    db.session.commit()
    pump.drain()
    assert receiver.types == ["orders.order_placed"]


def test_a_slow_receiver_of_one_shop_does_not_delay_another(endpoint, receiver, receivers, other_shop, pump):
    receiver.hold.clear()
    happen(*(placed(new_id(), str(number)) for number in range(40)))
    quick = receivers()
    with other_shop.entered():
        from app.platform.staff import queries as staff

        added(quick.url, staff.actor_of(staff.staff_by_email(other_shop.owner_email)))
        happen(*(placed(new_id(), str(number)) for number in range(12)))
    stop = threading.Event()
    running = threading.Thread(target=pump.run_until, args=(stop,))
    running.start()
    try:
        deadline = time.monotonic() + 15
        while len(quick.seen) < 12 and time.monotonic() < deadline:
            stop.wait(0.01)
        assert len(quick.seen) == 12
        assert 0 < len(receiver.seen) <= 8, "an endpoint has eight threads at most"
    finally:
        receiver.hold.set()
        stop.set()
        pump.wake()
        running.join()


@pytest.mark.parametrize(("milliseconds", "leased"), [(5, 32), (900, 8)])
def test_only_a_quick_receiver_has_more_leased_than_threads_and_none_has_more_than_eight_calls(
    endpoint, pump, milliseconds, leased
):
    calls, called, under_way, leases = threading.Lock(), [], [0], []
    watching = connect()

    def leased_now():
        return watching.execute("select count(*) from webhook_delivery where state = 'sending'").fetchone()[0]

    def answer(target, parcel):
        with calls:
            under_way.append(under_way[-1] + 1)
            called.append(parcel.event_id)
            leases.append(leased_now())
        threading.Event().wait(0.002)
        with calls:
            under_way.append(under_way[-1] - 1)
        return Answer(datetime.now(UTC), milliseconds, 204)

    pump._call = answer
    happen(placed(new_id()))
    pump.drain()
    happen(*(placed(new_id(), str(number)) for number in range(80)))

    assert pump.drain() == 80
    assert len(set(called)) == len(called) == 81
    assert max(under_way) <= 8
    assert max(leases) <= leased
    assert milliseconds > 250 or max(leases) > 8, "the next ones are at hand while a thread sends"
    assert {one.state for one in rows()} == {"delivered"}
    watching.close()


def test_a_killed_senders_delivery_is_given_to_another(endpoint, receiver, pump):
    happen(placed(new_id()))
    with connect() as connection:
        connection.execute(
            "update webhook_delivery set state = 'sending', attempts = 1, lease_until = now() - interval '1 second'"
        )
        assert pump.step(connection, patience=5) == 1

    assert [(one.state, one.attempts) for one in rows()] == [("delivered", 2)]


def test_two_workers_never_send_the_same_delivery(endpoint, receiver, pump):
    happen(*(placed(new_id(), str(number)) for number in range(60)))
    pumps = [pump, Pump()]
    threads = [threading.Thread(target=one.drain) for one in pumps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(receiver.seen) == 60
    assert {one.attempts for one in rows()} == {1}


def test_old_deliveries_go_with_their_attempts(endpoint, receiver, pump):
    happen(placed(new_id()))
    pump.drain()
    db.session.execute(update(WebhookDelivery).values(created_at=datetime.now(UTC) - timedelta(days=31)))
    db.session.commit()

    assert sweeping.remove_old() == 1
    db.session.commit()
    assert rows() == []
    assert (
        db.session.scalar(text("select count(*) from webhook_attempt where tenant_id = :t"), {"t": endpoint.tenant_id})
        == 0
    )


def test_the_deliveries_of_a_suspended_shop_wait_and_go_on_when_it_reopens(shop, endpoint, receiver, pump):
    happen(placed(new_id()))
    tenants.suspend(shop.slug, because="unpaid bills")
    db.checkpoint()
    happen(placed(new_id()))
    assert pump.drain() == 0

    tenants.resume(shop.slug)
    db.checkpoint()
    relay.relay_all()
    assert pump.drain() == 2
    assert [one.state for one in rows()] == ["delivered", "delivered"]
