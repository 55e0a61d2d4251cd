"""Refusals of single sign-on. A person comes back to a page that says one of these sentences."""

from app.core.errors import DomainError
from app.core.i18n import mark


class SignInRefused(DomainError):
    """The way by the provider led nowhere."""

    code, status = "sign_in_refused", 403
    message = mark("This sign-in did not work. Please begin it again.")


class NotBegunHere(SignInRefused):
    """No such journey in this browser, or it was used, or it took too long."""

    code = "not_begun_here"
    message = mark("This sign-in was begun in another browser, or too long ago. Please begin it again.")


class ProviderSaidNo(SignInRefused):
    """The provider itself did not let them through."""

    code = "provider_said_no"
    message = mark("Your provider did not let you through.")


class ProviderUnreachable(SignInRefused):
    """It does not answer, or not as a provider does."""

    code, status = "provider_unreachable", 502
    message = mark("Your provider does not answer as it should. Please try again in a few minutes.")


class AnswerNotTrusted(SignInRefused):
    """What came back does not hold: signature, issuer, audience, time, nonce, or the issuer of the answer."""

    code = "answer_not_trusted"
    message = mark("The answer of your provider could not be trusted, so nobody was signed in.")


class AddressNotProven(SignInRefused):
    """The provider names no mail address, or one that it has not checked, or one of a domain that it may not name."""

    code = "address_not_proven"
    message = mark("Your provider does not vouch for an e-mail address that is accepted here.")


class NotStaffHere(SignInRefused):
    """Known to the provider, and nobody here."""

    code = "not_staff_here"
    message = mark("Nobody with your account works in this shop. Ask its owner for an invitation.")


class ProviderIsThere(DomainError):
    """A shop trusts one provider at most."""

    code, message = "provider_is_there", mark("There is a provider already. Change it, or remove it first.")


class OnlyWhoMayAll(DomainError):
    """Whoever names the provider can have it say that they are an owner."""

    code, status = "only_who_may_all", 403
    message = mark("A provider can let anybody in, so only somebody who may do everything here may choose it.")


REFUSALS: dict[str, type[SignInRefused]] = {
    one.code: one
    for one in (
        SignInRefused, NotBegunHere, ProviderSaidNo, ProviderUnreachable, AnswerNotTrusted, AddressNotProven,
        NotStaffHere,
    )
}  # fmt: skip
