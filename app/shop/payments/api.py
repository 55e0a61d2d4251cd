"""Payments and ways to pay for programs. What is done with an order's money stands with the orders."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, named, to_public
from app.core.rest import ApiDoor, Expansion, Page, accepts, matches, page_of, returns
from app.shop.payments import hooks, queries, service
from app.shop.payments.models import Payment, PaymentMethod, Refund
from app.shop.payments.programs import ListPayments, MethodOut, MethodsOut, PaymentOut, RefundOut, SettingOut
from app.shop.payments.schemas import WriteMethod

door = ApiDoor("payments")
PAYMENT, REFUND = "pay", "rfnd"
BESIDE: dict[str, Expansion] = {}
"""What an answer about payments can hold whole; the room of orders, which stands above, adds its own."""
_SAME = (
    "gateway", "status", "amount", "currency", "captured", "refunded", "reported_currency", "reason", "reference",
    "created_at", "updated_at", "expires_at", "settled_at",
)  # fmt: skip


def _out(payment: Payment, refunds: Sequence[Refund]) -> PaymentOut:
    plain = {name: getattr(payment, name) for name in _SAME}
    return PaymentOut(
        id=to_public(PAYMENT, payment.id), order_id=to_public("ord", payment.order_id),
        reported_amount=payment.reported_amount if payment.reported_currency else None,
        refunds=[_refund_out(one) for one in refunds], **plain,
    )  # fmt: skip


def expanded(order_ids: list[str]) -> dict[str, list[PaymentOut]]:
    """The payments of orders by the orders' ids, oldest first, for answers that name orders."""
    found = queries.payments_of_orders([from_public("ord", one) for one in order_ids])
    refunds = queries.refunds_of([one.id for one in found])
    told: dict[str, list[PaymentOut]] = {}
    for payment in found:
        one = _out(payment, refunds.get(payment.id, []))
        told.setdefault(one.order_id, []).append(one)
    return told


def _refund_out(one: Refund) -> RefundOut:
    return RefundOut(
        to_public(REFUND, one.id), one.key, one.amount, one.currency, one.status, one.reason, one.requested_by,
        one.created_at,
    )  # fmt: skip


def _gateway(code: str) -> hooks.PaymentGateway:
    gateway = hooks.gateway(code)
    if gateway is None:
        raise NotFound
    return gateway


def _method_out(gateway: hooks.PaymentGateway, method: PaymentMethod | None) -> MethodOut:
    kept = method.settings if method else {}
    return MethodOut(
        code=gateway.code, title=(method.title if method else "") or gateway.title,
        instructions=method.instructions if method else "", is_enabled=bool(method and method.is_enabled),
        pays_later=gateway.pays_later, needs_secret=gateway.has_secret,
        settings=[SettingOut(one.name, str(kept.get(one.name, one.default))) for one in gateway.settings],
    )  # fmt: skip


def _method(code: str) -> MethodOut:
    return _method_out(_gateway(code), queries.method_of(code))


def _locked_method(code: str) -> MethodOut:
    gateway = _gateway(code)
    return _method_out(gateway, queries.lock_method(code))


@door.get("/payments")
@requires("orders.read")
@returns(Page[PaymentOut], expands=BESIDE)
@accepts(ListPayments)
def list_payments(query: ListPayments) -> Page[PaymentOut]:
    """List payments with their refunds, newest first or as `sort` says. Those that are `held` wait for a decision."""
    order_id = named("ord", query.order_id, "order_id") if query.order_id else None
    found = queries.payments_page(query, order_id)
    refunds = queries.refunds_of([one.id for one in found.rows])
    return page_of([_out(one, refunds.get(one.id, [])) for one in found.rows], found.next or None)


@door.get("/payments/<payment_id>")
@requires("orders.read")
@returns(PaymentOut, errors=(NotFound,), expands=BESIDE)
def show_payment(payment_id: str) -> PaymentOut:
    """Show one payment with its refunds."""
    payment = queries.payment_by_id(from_public(PAYMENT, payment_id))
    return _out(payment, queries.refunds_of([payment.id]).get(payment.id, []))


@door.get("/payment-methods")
@requires("payments.manage")
@returns(MethodsOut)
def list_methods() -> MethodsOut:
    """List every installed way to pay, offered or not."""
    methods = {method.code: method for method in queries.all_methods()}
    return MethodsOut([_method_out(gateway, methods.get(gateway.code)) for gateway in hooks.gateways()])


@door.get("/payment-methods/<code>")
@requires("payments.manage")
@returns(MethodOut, errors=(NotFound,))
def show_method(code: str) -> MethodOut:
    """Show one way to pay."""
    return _method(code)


@door.put("/payment-methods/<code>")
@requires("payments.manage")
@returns(MethodOut, errors=(NotFound,))
@matches(_locked_method)
@accepts(WriteMethod)
def change_method(body: WriteMethod, code: str) -> MethodOut:
    """Offer a way to pay or stop, and write its settings. An empty secret keeps the one that is stored."""
    service.write_method(code, body, by=current_actor())
    return _method(code)
