"""Writes of programs that may come twice: an `Idempotency-Key` makes the second one hear the first answer.

The answer is kept in the transaction of the change itself: both stay or neither. What was refused changed nothing and
is not kept; the program may send it again, corrected, under the same key. Kept for 24 hours, a program for itself.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, make_response, request
from sqlalchemy import Index, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, db, isolation
from app.core.access import current_actor
from app.core.crypto import EncryptedText
from app.core.db import TenantModel
from app.core.errors import DomainError
from app.core.i18n import mark

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
LONGEST = 255


class ApiAnswer(TenantModel):
    """The first answer to a write that named a key."""

    __tablename__ = "api_answer"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "program_id", "key"),
        Index("ix_api_answer_at", "tenant_id", "at"),
    )

    program_id: Mapped[uuid.UUID]
    key: Mapped[str]
    request_hash: Mapped[bytes]
    """Of method, address and body."""
    status: Mapped[int]
    body: Mapped[str] = mapped_column(EncryptedText("api_answer", "body"))
    """Encrypted: some answers hold a secret that is shown once."""
    etag: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class KeyInUse(DomainError):
    """The first request with this key is still being answered."""

    code, message = "idempotency_key_in_use", mark("A request with this key is being answered. Please try again.")


class KeyOfOtherContent(DomainError):
    """The key belongs to another request."""

    code, status = "idempotency_key_reused", 422
    message = mark("This key was sent with another request before. Please use a new one.")


class BadKey(DomainError):
    """Too long, or not printable ASCII."""

    code, status = "idempotency_key_invalid", 400
    message = mark("A key has 1 to 255 printable characters.")


def once(answer: Callable[[], Response]) -> Response:
    """Answer a write; the second time under a key with what was said the first time."""
    key = request.headers.get(HEADER)
    program = current_actor().id
    if key is None or program is None or request.method in {"GET", "HEAD"}:
        return answer()
    if not 1 <= len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise BadKey
    _take_turn(program, key)
    told = _told_before(program, key)
    asked = _hash_of_request()
    if told is not None:
        if told.request_hash != asked:
            raise KeyOfOtherContent
        return _again(told)
    response = answer()
    if response.status_code < 400:
        db.add(ApiAnswer(
            program_id=program, key=key, request_hash=asked, status=response.status_code,
            body=response.get_data(as_text=True),
            etag=response.headers.get("ETag", ""),
        ))  # fmt: skip
        db.flush()
    return response


def remove_old() -> None:
    """Forget what was answered more than 24 hours ago."""
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.at < clock.now() - KEPT))


def _take_turn(program: uuid.UUID, key: str) -> None:
    """One request a key at a time; the database lets go at the end of the transaction, also when a process dies."""
    named = f"{isolation.tenant_id()}:{program}:{key}".encode()
    number = int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)
    if not db.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise KeyInUse


def _told_before(program: uuid.UUID, key: str) -> ApiAnswer | None:
    told: ApiAnswer | None = db.session.scalar(
        select(ApiAnswer).where(ApiAnswer.program_id == program, ApiAnswer.key == key)
    )
    if told is not None and told.at < clock.now() - KEPT:
        db.delete(told)
        db.flush()
        return None
    return told


def _hash_of_request() -> bytes:
    return hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + request.get_data()).digest()


def _again(told: ApiAnswer) -> Response:
    response = make_response(told.body, told.status)
    response.mimetype = "application/json"
    response.headers[REPLAYED] = "true"
    if told.etag:
        response.headers["ETag"] = told.etag
    return response
