"""All that a plugin may import: ports, values, facts, tables and doors. What is not named here may change any day."""

from app.core import clock, db
from app.core.access import public
from app.core.db import TenantModel, Timestamps, one_of, owned_by
from app.core.errors import DomainError, NotFound
from app.core.events import reacts_to
from app.core.i18n import gettext, mark
from app.core.isolation import tenant_url
from app.core.jobs import job
from app.core.money import exponent
from app.core.web import BackofficeDoor, StorefrontDoor, accepts, page, redirect_to
from app.platform.plugins.declaring import API_VERSION, Plugin, Secret
from app.platform.plugins.service import settings_of
from app.platform.plugins.working import later
from app.pluginapi.doors import PluginDoor
from app.pluginapi.plugin import install
from app.shop.payments.errors import CallbackRefused, GatewayUnreachable
from app.shop.payments.events import PaymentCaptured, PaymentFailed, RefundSucceeded
from app.shop.payments.hooks import (
    Account,
    Callback,
    CallbackEvent,
    PaymentGateway,
    PaymentStatus,
    RefundRequest,
    RefundResult,
    Setting,
    Started,
    StartPayment,
    Status,
)
from app.shop.payments.queries import account_of
from app.shop.payments.service import receive_callback
from app.shop.shipping.hooks import DeliveryPrice, Parcel, ShippingProvider

__all__ = [
    "API_VERSION",
    "Account",
    "BackofficeDoor",
    "Callback",
    "CallbackEvent",
    "CallbackRefused",
    "DeliveryPrice",
    "DomainError",
    "GatewayUnreachable",
    "NotFound",
    "Parcel",
    "PaymentCaptured",
    "PaymentFailed",
    "PaymentGateway",
    "PaymentStatus",
    "Plugin",
    "PluginDoor",
    "RefundRequest",
    "RefundResult",
    "RefundSucceeded",
    "Secret",
    "Setting",
    "ShippingProvider",
    "StartPayment",
    "Started",
    "Status",
    "StorefrontDoor",
    "TenantModel",
    "Timestamps",
    "accepts",
    "account_of",
    "clock",
    "db",
    "exponent",
    "gettext",
    "install",
    "job",
    "later",
    "mark",
    "one_of",
    "owned_by",
    "page",
    "public",
    "reacts_to",
    "receive_callback",
    "redirect_to",
    "settings_of",
    "tenant_url",
]
