"""Second factors of an operator, and what the console asks of all of them.

The mechanisms are the core's; those of staff belong to a membership in one shop, these to the operator's account.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from app.console.ops import queries
from app.console.ops.errors import ConsoleAsks, NoSuchOperator
from app.console.ops.models import ConsoleRule, OperatorApp, OperatorCode, OperatorPasskey
from app.core import access, audit_platform, clock, db, second_steps, sessions
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.second_steps import Holder, PasskeyRefused, Place, WrongCode
from app.platform.tenancy.models import Operator

_HERE = "Console"


def is_enough(operator: Operator, means: tuple[str, ...]) -> bool:
    """Is an operator in who has proven this much? Asked at each request, so a new factor or rule acts on the next."""
    return bool(second_steps.SECOND & set(means)) if operator.has_factor else not queries.asks_second_step()


def set_rule(is_asked: bool, *, by: Actor) -> None:
    """Whether every operator needs a second step, from the next request on."""
    rule = queries.lock_rule(queries.SECOND_STEP)
    if rule is None:
        db.catalogue.add(ConsoleRule(name=queries.SECOND_STEP, value=is_asked))
    else:
        rule.value = is_asked
    audit_platform.record(by, "operator.rule_changed", queries.SECOND_STEP, second_step=is_asked)
    db.catalogue.flush()


def start_app(operator: Operator) -> OperatorApp:
    """A secret for a new app; one that waits for its first code is kept. An app in use goes on until then."""
    app = queries.lock_app_of(operator.id)
    if app is None:
        app = OperatorApp(operator_id=operator.id, secret=None, next_secret=None)
        db.catalogue.add(app)
    if app.next_secret is None:
        app.next_secret = second_steps.new_secret()
        db.catalogue.flush()
    return app


def address_of(app: OperatorApp, operator: Operator) -> str:
    """What the square code says."""
    return second_steps.address_of(app.next_secret or "", name=operator.email, issuer=_HERE)


def confirm_app(operator: Operator, code: str) -> list[str]:
    """Use the app from now on, since it shows the right code; recovery codes if it is the first. Raises WrongCode."""
    second_steps.confirm(queries.lock_app_of(operator.id), code)
    return _added(operator, "app")


def prove(operator: Operator, code: str) -> str:
    """What kind of code this is: "app" or "recovery". Each works once. Raises WrongCode."""
    plain = second_steps.plain(code)
    if second_steps.is_of_app(plain):
        second_steps.use(queries.lock_app_of(operator.id), plain)
        return "app"
    found = queries.lock_code(operator.id, second_steps.hash_of(plain))
    if found is None:
        raise WrongCode
    with _themselves(operator) as by:
        found.used_at = clock.now()
        audit_platform.record(by, "operator.recovery_code_used", operator, email=operator.email)
        db.catalogue.flush()
    return "recovery"


def remove_app(operator: Operator) -> None:
    """Stop using the app. Raises WrongCode if there is none, ConsoleAsks."""
    app = queries.lock_app_of(operator.id)
    if app is None or app.secret is None:
        raise WrongCode
    db.catalogue.delete(app)
    _removed(operator, "app")


def new_codes(operator: Operator) -> list[str]:
    """Ten other codes in place of all older ones; shown once, since only their hashes are kept."""
    with _themselves(operator) as by:
        for old in queries.codes_of(operator.id):
            db.catalogue.delete(old)
        db.catalogue.flush()
        codes = second_steps.new_codes()
        hashes = map(second_steps.hash_of, codes)
        db.catalogue.add_all(OperatorCode(operator_id=operator.id, code_hash=one) for one in hashes)
        audit_platform.record(by, "operator.recovery_codes_made", operator, email=operator.email)
        db.catalogue.flush()
    return codes


def to_make(operator: Operator, host: str, challenge: bytes) -> str:
    """What a browser needs to make a passkey for this operator, as JSON."""
    holder = Holder(operator.id, operator.email, operator.name)
    known = [one.credential_id for one in queries.passkeys_of(operator.id)]
    return second_steps.to_make(holder, host, _HERE, known, challenge)


def to_sign(operator: Operator | None, host: str, challenge: bytes) -> str:
    """What a browser needs to sign with one of this operator's passkeys, or with whichever it has, as JSON."""
    mine = queries.passkeys_of(operator.id) if operator else []
    return second_steps.to_sign(host, [one.credential_id for one in mine], challenge)


def add_passkey(operator: Operator, made: str, title: str, place: Place, challenge: bytes | None) -> list[str]:
    """Keep a passkey that a device made; recovery codes if it is the first factor. Raises PasskeyRefused."""
    proven = second_steps.read_made(made, place, challenge)
    if queries.lock_passkey_named(proven.id) is not None:
        raise PasskeyRefused
    row = {"credential_id": proven.id, "public_key": proven.public_key, "sign_count": proven.sign_count}
    db.catalogue.add(OperatorPasskey(operator_id=operator.id, title=title, **row))
    return _added(operator, "passkey")


def whose(signed: str, place: Place, challenge: bytes | None, only: UUID | None = None) -> Operator:
    """Which operator signed the challenge; `only` names the one that it may be. Raises PasskeyRefused."""
    claim = second_steps.read_claim(signed)
    passkey = queries.lock_passkey_named(claim.id) if challenge else None
    if passkey is None or challenge is None or only not in {None, passkey.operator_id}:
        raise PasskeyRefused
    if claim.user not in {b"", passkey.operator_id.bytes}:
        raise PasskeyRefused
    passkey.sign_count = second_steps.check_signed(signed, place, challenge, passkey.public_key, passkey.sign_count)
    passkey.last_used_at = clock.now()
    return queries.operator_or_404(passkey.operator_id)


def remove_passkey(operator: Operator, passkey_id: UUID) -> str:
    """Take a passkey away; returns its name. Raises NotFound, ConsoleAsks."""
    passkey = queries.lock_passkey(passkey_id, operator.id)
    title = passkey.title
    db.catalogue.delete(passkey)
    _removed(operator, "passkey")
    return title


def reset(email: str, *, by: Actor) -> Operator:
    """Take all factors and sessions of an operator away who lost them. Raises NoSuchOperator."""
    operator = queries.lock_operator(email)
    if operator is None:
        raise NoSuchOperator(email=email)
    app = queries.lock_app_of(operator.id)
    for row in [*queries.passkeys_of(operator.id), *([app] if app else [])]:
        db.catalogue.delete(row)
    audit_platform.record(by, "operator.factors_reset", operator, email=operator.email)
    _forget(operator)
    sessions.end_all("operator", operator.id)
    return operator


def end_session(operator: Operator, session_id: UUID) -> None:
    """Sign out one of an operator's browsers. Raises NotFound."""
    if not sessions.end_one("operator", operator.id, session_id):
        raise NotFound
    audit_platform.record(queries.actor_of(operator), "operator.session_ended", operator, email=operator.email)


def end_other_sessions(operator: Operator, this: UUID | None) -> None:
    """Sign out every browser of an operator but one."""
    sessions.end_others("operator", operator.id, this)
    audit_platform.record(queries.actor_of(operator), "operator.sessions_ended", operator, email=operator.email)


@contextmanager
def _themselves(operator: Operator) -> Iterator[Actor]:
    """On the way in nobody is signed in yet; what happens to their own factors is theirs all the same."""
    actor = queries.actor_of(operator)
    with access.acting_as(actor):
        yield actor


def _added(operator: Operator, kind: str) -> list[str]:
    with _themselves(operator) as by:
        is_first, operator.has_factor = not operator.has_factor, True
        audit_platform.record(by, "operator.factor_added", operator, email=operator.email, kind=kind)
        db.catalogue.flush()
    return new_codes(operator) if is_first else []


def _removed(operator: Operator, kind: str) -> None:
    """Recovery codes go with the last factor. Raises ConsoleAsks where the rule wants one."""
    by = queries.actor_of(operator)
    audit_platform.record(by, "operator.factor_removed", operator, email=operator.email, kind=kind)
    db.catalogue.flush()
    app = queries.app_of(operator.id)
    if (app and app.secret) or queries.passkeys_of(operator.id):
        return
    if queries.asks_second_step():
        raise ConsoleAsks
    _forget(operator)


def _forget(operator: Operator) -> None:
    for code in queries.codes_of(operator.id):
        db.catalogue.delete(code)
    operator.has_factor = False
    db.catalogue.flush()
