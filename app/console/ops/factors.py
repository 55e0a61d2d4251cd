"""Second factors of an operator, and what the console asks of all of them.

The mechanisms are the core's; those of staff belong to a membership in one shop, these to the operator's account.
"""

from uuid import UUID

from app.console.ops import queries
from app.console.ops.errors import ConsoleAsks, NoSuchOperator
from app.console.ops.models import ConsoleRule, OperatorApp, OperatorCode, OperatorPasskey
from app.core import clock, db, second_steps, sessions
from app.core.second_steps import Holder, PasskeyRefused, Place, WrongCode
from app.platform.tenancy.models import Operator

_HERE = "Console"


def is_enough(operator: Operator, means: tuple[str, ...]) -> bool:
    """Is an operator in who has proven this much? Asked at each request, so a new factor or rule acts on the next."""
    return bool(second_steps.SECOND & set(means)) if operator.has_factor else not queries.asks_second_step()


def set_rule(is_asked: bool) -> None:
    """Whether every operator needs a second step, from the next request on."""
    rule = queries.lock_rule(queries.SECOND_STEP)
    if rule is None:
        db.catalogue.add(ConsoleRule(name=queries.SECOND_STEP, value=is_asked))
    else:
        rule.value = is_asked
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
    return _added(operator)


def prove(operator: Operator, code: str) -> str:
    """What kind of code this is: "app" or "recovery". Each works once. Raises WrongCode."""
    plain = second_steps.plain(code)
    if second_steps.is_of_app(plain):
        second_steps.use(queries.lock_app_of(operator.id), plain)
        return "app"
    found = queries.lock_code(operator.id, second_steps.hash_of(plain))
    if found is None:
        raise WrongCode
    found.used_at = clock.now()
    return "recovery"


def remove_app(operator: Operator) -> None:
    """Stop using the app. Raises WrongCode if there is none, ConsoleAsks."""
    app = queries.lock_app_of(operator.id)
    if app is None or app.secret is None:
        raise WrongCode
    db.catalogue.delete(app)
    _removed(operator)


def new_codes(operator: Operator) -> list[str]:
    """Ten other codes in place of all older ones; shown once, since only their hashes are kept."""
    for old in queries.codes_of(operator.id):
        db.catalogue.delete(old)
    db.catalogue.flush()
    codes = second_steps.new_codes()
    db.catalogue.add_all(OperatorCode(operator_id=operator.id, code_hash=second_steps.hash_of(one)) for one in codes)
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
    return _added(operator)


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
    _removed(operator)
    return title


def reset(email: str) -> Operator:
    """Take all factors and sessions of an operator away who lost them. Raises NoSuchOperator."""
    operator = queries.lock_operator(email)
    if operator is None:
        raise NoSuchOperator(email=email)
    app = queries.lock_app_of(operator.id)
    for row in [*queries.passkeys_of(operator.id), *([app] if app else [])]:
        db.catalogue.delete(row)
    _forget(operator)
    sessions.end_all("operator", operator.id)
    return operator


def _added(operator: Operator) -> list[str]:
    is_first, operator.has_factor = not operator.has_factor, True
    db.catalogue.flush()
    return new_codes(operator) if is_first else []


def _removed(operator: Operator) -> None:
    """Recovery codes go with the last factor. Raises ConsoleAsks where the rule wants one."""
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
