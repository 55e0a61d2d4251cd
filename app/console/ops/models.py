"""Tables: how operators prove who they are, besides the password, and what the console asks of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, ids
from app.core.crypto import SealedText
from app.core.db import CatalogueModel
from app.platform.tenancy.models import Operator


class OperatorApp(CatalogueModel):
    """An operator's app that shows a new code each half minute; it counts once its first code was typed."""

    __tablename__ = "operator_app"

    operator_id: Mapped[UUID] = mapped_column(ForeignKey(Operator.id, ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(SealedText("operator_app", "secret"))
    next_secret: Mapped[str | None] = mapped_column(SealedText("operator_app", "next_secret"))
    """Of the app that is being set up; it takes the place of `secret` with its first code."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute of the code that was used last: it and all before it are worth nothing."""
    confirmed_at: Mapped[datetime | None]


class OperatorPasskey(CatalogueModel):
    """The public half of a key pair in an operator's device, for the platform's host."""

    __tablename__ = "operator_passkey"
    __table_args__ = (Index("ix_operator_passkey_operator_id", "operator_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    operator_id: Mapped[UUID] = mapped_column(ForeignKey(Operator.id, ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    title: Mapped[str]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class OperatorCode(CatalogueModel):
    """The hash of a recovery code: each lets its operator in once."""

    __tablename__ = "operator_code"

    operator_id: Mapped[UUID] = mapped_column(ForeignKey(Operator.id, ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class ConsoleRule(CatalogueModel):
    """What the console asks of every operator, such as `second_step`; a rule without a row is off."""

    __tablename__ = "console_rule"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bool]


class TableSize(CatalogueModel):
    """How large a table was on a day, so that the console shows what grows."""

    __tablename__ = "table_size"
    is_audited = False

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    """Bytes with indexes and long values."""
    rows: Mapped[int]
    """As the database estimates them."""
