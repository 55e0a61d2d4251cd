"""Refusals of tenancy, each a sentence."""

from app.core.errors import DomainError, NotFound
from app.core.i18n import mark


class AddressTaken(DomainError):
    """Somebody else has this address, or it may not be given away."""

    code, message = "address_taken", "{problem}"


class NoSuchTenant(NotFound):
    """The operator named a tenant that is not here."""

    code, message = "no_such_tenant", mark("There is no tenant called {slug}.")


class CurrencyIsFixed(DomainError):
    """Orders hold amounts in the shop's currency, so it stays once there is one."""

    code, message = "currency_is_fixed", mark("The currency stays {currency}: this shop has orders in it.")


class PackProblem(DomainError):
    """A tenant pack cannot be read; the sentence names the file, the key and where known the line."""

    code, message, status = "pack_problem", "{file}{where}: {problem}", 422


class PlanNameTaken(DomainError):
    """Another plan is called so."""

    code, message = "plan_name_taken", mark("There is a plan called {name} already.")


class PlanInUse(DomainError):
    """A plan that tenants have cannot be removed."""

    code, message = "plan_in_use", mark("Tenants have the plan {name}. Give them another one first.")


class NoSuchPlan(NotFound):
    """A plan that is not here."""

    code, message = "no_such_plan", mark("There is no such plan.")
