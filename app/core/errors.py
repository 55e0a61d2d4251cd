"""Refusals. A service raises one; a door turns it into a page, a fragment or problem+json."""

from __future__ import annotations

from typing import Any

from app.core.i18n import gettext, mark


class DomainError(Exception):
    """Something the business does not allow, said in one sentence.

    A subclass sets `code` (stable, for programs), `message` (a sentence, with `{names}` filled from the
    keyword arguments) and, where 409 does not fit, `status`.
    """

    code = "refused"
    message = mark("That is not possible.")
    status = 409

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The message in the reader's language, with its blanks filled."""
        return gettext(self.message).format(**self.params)


class NotFound(DomainError):
    """Unknown, deleted, or another tenant's: all three answer the same."""

    code, message, status = "not_found", mark("There is nothing here."), 404


class Forbidden(DomainError):
    """Signed in, known, and without the permission."""

    code, message, status = "forbidden", mark("Your account may not do this."), 403


class NotSignedIn(DomainError):
    """Nobody is signed in, and this needs somebody."""

    code, message, status = "not_signed_in", mark("Please sign in first."), 401


class ProofIsOld(DomainError):
    """Signed in a while ago, and this is dangerous: show once more who you are (401, as RFC 9470 has it)."""

    code, message, status = "proof_is_old", mark("Please show once more that it is you."), 401


class TooManyRequests(DomainError):
    """A limit was reached; `seconds` says when to come back."""

    code, status = "too_many_requests", 429
    message = mark("Too many attempts. Please wait {seconds} seconds and try again.")


class Misdirected(DomainError):
    """This process does not answer for that host or that door (RFC 9110, 15.5.20)."""

    code, message, status = "misdirected", mark("This address is not served here."), 421


class Stale(DomainError):
    """A form that was opened before a sign-in or on another host."""

    code, status = "stale_form", 403
    message = mark("This form was open for too long. Please send it once more.")


class PlanLimitReached(DomainError):
    """The tenant's plan allows no more of something; programs are told which, how much and how much there is."""

    code, status = "plan_limit_reached", 409
    message = mark("Your plan allows {limit} {what}, and you have {used}. Ask for a larger plan, or remove some first.")

    def __init__(self, *, which: str, limit: int, used: int, shown: tuple[str, str], what: str) -> None:
        self.told = {"which": which, "limit": limit, "used": used}
        super().__init__(limit=shown[0], used=shown[1], what=what)


class InvalidInput(DomainError):
    """Input that does not fit its schema.

    `errors` maps a field to its sentence ("" is the whole form); `values` is what was typed, so that
    nothing is lost.
    """

    code, message, status = "invalid_input", mark("Please check the marked fields."), 422

    def __init__(self, errors: dict[str, str], values: dict[str, Any] | None = None) -> None:
        self.errors = errors
        self.values = values or {}
        super().__init__()
