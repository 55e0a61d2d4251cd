"""Encrypted columns: AES-256-GCM with a data key per tenant, wrapped by the installation's master key.

A ciphertext is bound to its tenant, table and column: copied into another place it cannot be read. It starts with one
byte, the number of the tenant's data key, so that keys can be rotated while old rows stay readable.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import CheckConstraint, Dialect, LargeBinary, event, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.types import TypeDecorator

from app import settings
from app.core import clock, db, isolation
from app.core.db import TenantRow

_NONCE_BYTES = 12
_KEYS = "unwrapped data keys"


class Unreadable(ValueError):
    """The ciphertext is damaged, belongs elsewhere, or the master key is another one."""


class DataKey(TenantRow):
    """One data key of a tenant, wrapped by the master key. The highest version encrypts, all of them decrypt."""

    __tablename__ = "data_key"
    is_audited = False
    __table_args__ = (CheckConstraint("version between 1 and 255", name="version_fits_one_byte"),)

    version: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class EncryptedText(TypeDecorator[str]):
    """A text column that is bytes in the database: `mapped_column(EncryptedText("webhook_endpoint", "secret"))`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, table: str, column: str) -> None:
        super().__init__()
        self.table, self.column = table, column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else encrypt(value, table=self.table, column=self.column)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else decrypt(bytes(value), table=self.table, column=self.column)


class SealedText(TypeDecorator[str]):
    """The same for the installation's own rows, which belong to no tenant: under a key made from the master key."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, table: str, column: str) -> None:
        super().__init__()
        self.table, self.column = table, column

    def _place(self) -> bytes:
        return f"catalogue|{self.table}|{self.column}".encode()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in: nonce, ciphertext and tag."""
        if value is None:
            return None
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(derived_key("sealed text")).encrypt(nonce, value.encode(), self._place())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Decrypt on the way out. Raises Unreadable."""
        if value is None:
            return None
        nonce, body = bytes(value[:_NONCE_BYTES]), bytes(value[_NONCE_BYTES:])
        try:
            return AESGCM(derived_key("sealed text")).decrypt(nonce, body, self._place()).decode()
        except (InvalidTag, ValueError) as problem:
            raise Unreadable(f"{self.table}.{self.column}: this ciphertext was not made here") from problem


def encrypt(text: str, *, table: str, column: str) -> bytes:
    """Encrypt a text for one column of the current tenant: version byte, nonce, ciphertext and tag."""
    version, key = _newest_key()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), _bound_to(table, column, version))
    return bytes([version]) + nonce + sealed


def decrypt(sealed: bytes, *, table: str, column: str) -> str:
    """Read what `encrypt` wrote for this tenant, table and column. Raises Unreadable for anything else."""
    version, nonce, body = sealed[0] if sealed else 0, sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    key = _keys().get(version)
    if key is None:
        raise Unreadable(f"{table}.{column}: there is no data key {version} for this tenant")
    try:
        return AESGCM(key).decrypt(nonce, body, _bound_to(table, column, version)).decode()
    except (InvalidTag, ValueError) as problem:
        raise Unreadable(f"{table}.{column}: this ciphertext was not made here") from problem


def rotate_data_key() -> int:
    """Give the current tenant a new data key and return its version; rows move to it when they are next written."""
    version = max(_keys(), default=0) + 1
    _store_new_key(version)
    return version


def derived_key(purpose: str) -> bytes:
    """A key of the installation for one purpose alone, made from the master key: for marks, not for encryption."""
    return hmac.new(_master_key(), f"livery {purpose}".encode(), hashlib.sha256).digest()


def _newest_key() -> tuple[int, bytes]:
    keys = _keys()
    if not keys:
        _store_new_key(1)
        keys = _keys()
    version = max(keys)
    return version, keys[version]


def _keys() -> dict[int, bytes]:
    """The tenant's unwrapped keys, read once a transaction. Nothing outlives it: a rolled-back key must not be used."""
    kept = db.session.info.get(_KEYS)
    if kept is None:
        statement = select(DataKey.version, DataKey.wrapped).where(DataKey.tenant_id == isolation.tenant_id())
        rows = db.session.connection().execute(statement)
        kept = db.session.info[_KEYS] = {row.version: _unwrap(row.wrapped, row.version) for row in rows}
    return kept


def _store_new_key(version: int) -> None:
    """Two first writers agree on one key: the second waits for the first and then reads its row."""
    row = {"tenant_id": isolation.tenant_id(), "version": version, "wrapped": _wrap(os.urandom(32), version)}
    statement = insert(DataKey).values({**row, "created_at": clock.now()}).on_conflict_do_nothing()
    db.session.connection().execute(statement)
    db.session.info.pop(_KEYS, None)


def _wrap(key: bytes, version: int) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_master_key()).encrypt(nonce, key, _bound_to("data_key", "wrapped", version))


def _unwrap(wrapped: bytes, version: int) -> bytes:
    nonce, body = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    try:
        return AESGCM(_master_key()).decrypt(nonce, body, _bound_to("data_key", "wrapped", version))
    except InvalidTag as problem:
        raise Unreadable("The data key of this tenant was wrapped by another master key.") from problem


def _bound_to(table: str, column: str, version: int) -> bytes:
    """The associated data: a ciphertext is only what it is in this tenant, table and column, under this key."""
    return f"{isolation.tenant_id()}\0{table}\0{column}\0".encode() + bytes([version])


def _master_key() -> bytes:
    try:
        key = base64.b64decode(settings.current().master_key, validate=True)
    except binascii.Error as problem:
        raise Unreadable("LIVERY_MASTER_KEY is not base64.") from problem
    if len(key) != 32:
        raise Unreadable("LIVERY_MASTER_KEY must be 32 bytes in base64.")
    return key


@event.listens_for(Session, "after_transaction_end")
def _forget_keys(current: Session, transaction: SessionTransaction) -> None:
    """At the end of savepoints too: the key may have been made inside one that is rolled back."""
    current.info.pop(_KEYS, None)
