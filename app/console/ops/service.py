"""Everything the operator changes."""

import secrets

from app.console.ops import queries as ops
from app.console.ops.errors import WrongSignIn
from app.core import audit_platform, db, login, text
from app.platform.tenancy import queries, service
from app.platform.tenancy.models import Operator

FIRST_OPERATOR = "operator@localhost.example"


def first_operator() -> tuple[str, str] | None:
    """Make the operator's account on a fresh installation: (e-mail, password); None when there is one already."""
    if queries.operator_by_email(FIRST_OPERATOR) is not None:
        return None
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    service.add_operator(FIRST_OPERATOR, password, name="Operator")
    db.checkpoint()
    return FIRST_OPERATOR, password


def recognise(email: str, password: str) -> Operator:
    """The operator with this e-mail and password, in equal time either way. Raises WrongSignIn."""
    operator = queries.operator_by_email(text.normalise_email(email))
    if not login.verify_password(operator.password_hash if operator else None, password) or operator is None:
        raise WrongSignIn()
    return operator


def note_sign_in(operator: Operator, means: tuple[str, ...]) -> None:
    """Write down that an operator is in, and what they proved."""
    audit_platform.record(ops.actor_of(operator), "operator.signed_in", operator, email=operator.email, means=means)
