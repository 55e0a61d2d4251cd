"""The wizard's end: the draft becomes a live shop, and its owner walks in."""

from __future__ import annotations

from dataclasses import dataclass

from app import settings
from app.console.onboarding import applying, goods, looks, queries, steps
from app.console.onboarding.models import WizardDraft
from app.console.onboarding.schemas import AccountStep, Answers
from app.console.onboarding.shelf import Shelf
from app.core import db, isolation, money
from app.core.access import Actor, system_actor
from app.core.errors import DomainError, InvalidInput
from app.core.i18n import gettext
from app.platform.branding import service as branding
from app.platform.staff import credentials
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from app.platform.tenancy import packs
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.countries import country_or_default
from app.platform.tenancy.schemas import NewTenant
from app.shop.payments import queries as payments
from app.shop.payments import service as payments_service

MARK = "opened_with"


@dataclass(frozen=True)
class DemoShop:
    """A shop that the front page may show on a developer's machine."""

    name: str
    url: str
    text: str


def address_problem(slug: str, draft: WizardDraft | None) -> str | None:
    """Why the draft cannot have this address; an address that this very draft has begun to open is fine."""
    problem = tenancy_service.address_problem(slug)
    tenant = tenancy.tenant_by_slug(slug) if problem and draft else None
    is_ours = tenant is not None and draft is not None and tenant.claim == draft.token_hash
    return None if is_ours else problem


def finish(draft: WizardDraft, answers: Answers, account: AccountStep) -> str:
    """Open the shop and return the address that lets its owner in. May be called again after it was interrupted.

    Raises AddressTaken when somebody was quicker, InvalidInput for a password that will not do.
    """
    _check_password(account)
    draft_id, claim = draft.id, draft.token_hash
    tenant_id = tenancy_service.open_tenant(_new_tenant(answers, account, claim))
    with db.unit_of_work(tenant_id):
        if tenancy.current_shop().settings.get(MARK) != str(draft_id):
            _furnish(draft, answers, system_actor("set-up"))
            tenancy_service.keep_setting(MARK, str(draft_id))
    locked = queries.lock_draft(draft_id)
    if locked is not None:
        locked.tenant_id = tenant_id
    with db.unit_of_work(tenant_id):
        owner = staff.staff_by_email(account.email)
        if owner is None:
            raise InvalidInput({"email": gettext("Use the e-mail address that the shop was opened with.")})
        return staff_service.entry_link(owner.id)


def _check_password(account: AccountStep) -> None:
    """A good one, whether the address has an account or not: this page does not tell."""
    problem = credentials.password_problem(account.password, account.email)
    if problem:
        raise InvalidInput({"password": problem})


def _new_tenant(answers: Answers, account: AccountStep, claim: str) -> NewTenant:
    tax = answers.region.tax
    return NewTenant(
        slug=answers.shop.address,
        name=answers.shop.name,
        country=answers.region.country,
        currency=answers.region.currency,
        prices_include_tax=tax == "included" if tax else None,
        owner_email=account.email,
        owner_name=account.owner_name,
        owner_password=account.password,
        owner_is_proven=False,
        claim=claim,
    )


def _furnish(draft: WizardDraft, answers: Answers, by: Actor) -> None:
    """Brand, products and payment, as answered; once, in one transaction with the mark that says so."""
    folder = packs.folder_named(answers.brand.start) or packs.folder_named("starter")
    _dress(draft, answers, folder, by)
    choice = answers.catalogue.choice
    if choice == "samples" and folder is not None:
        shelf = Shelf(folder)
        goods.apply(folder, shelf, [], by=by, progress=lambda *_: None, is_sample=True)
        applying.home(folder, shelf, by=by)
        _menus_of_samples(folder, by)
        shelf.save()
    elif choice == "product":
        _first_product(draft, answers, by)
    elif choice == "csv":
        _list_of_products(draft, by)
    _payments(answers, by)


def _dress(draft: WizardDraft, answers: Answers, folder: packs.Folder | None, by: Actor) -> None:
    """Publish the look; a logo comes on top of it."""
    tokens = looks.tokens(folder, answers.brand.chosen_colour, answers.brand.font_pair)
    logo = queries.file_of(draft.id, "logo")
    if logo is None:
        branding.publish_tokens(tokens, by=by)
        return
    branding.save_draft(tokens, by=by)
    branding.set_logo(logo.content, by=by)
    branding.publish(by=by)


def _menus_of_samples(folder: packs.Folder, by: Actor) -> None:
    """The sample's menus, without links to pages that only the demo brand has."""
    known = {f"/collections/{one.handle}" for one in folder.catalogue.collections}
    menus = {
        handle: [item for item in items if item.href in known]
        for handle, items in folder.pack.menus.items()
        if handle in {"main", "footer-shop"}
    }
    applying.menus({handle: items for handle, items in menus.items() if items}, by=by)


def _first_product(draft: WizardDraft, answers: Answers, by: Actor) -> None:
    photo = queries.file_of(draft.id, "photo")
    wanted = answers.catalogue
    price = price_in_minor(wanted.price, answers.region.country, answers.region.currency)
    goods.add_first_product(wanted.title, price, wanted.stock, photo.content if photo else None, by=by)


def _list_of_products(draft: WizardDraft, by: Actor) -> None:
    given = queries.file_of(draft.id, "csv")
    if given is not None:
        goods.import_list(given.content, given.filename, by=by)


def _payments(answers: Answers, by: Actor) -> None:
    wanted = {"testpay": answers.payment.test_gateway, "bank_transfer": answers.payment.bank_transfer}
    for method in payments.all_methods():
        details = answers.payment.bank_details if method.code == "bank_transfer" else None
        payments_service.set_method(
            method.code, enabled=wanted.get(method.code, False), instructions=details or None, by=by
        )


def price_in_minor(price: str, country: str, currency: str) -> int:
    """The first product's price as typed; nothing is 0. Raises InvalidInput."""
    if not price.strip():
        return 0
    defaults = country_or_default(country)
    try:
        return money.parse(price, currency or defaults.currency, defaults.locale)
    except (ValueError, DomainError) as refused:
        raise InvalidInput({"price": gettext("Write a price such as 12.50.")}) from refused


def is_open(draft: WizardDraft) -> bool:
    """Has this draft become a shop?"""
    return draft.tenant_id is not None


def address_of(draft: WizardDraft) -> str | None:
    """Where the back office of the draft's shop is; None while it is not open."""
    if draft.tenant_id is None:
        return None
    return settings.current().public_origin(tenancy.primary_host(draft.tenant_id)) + "/admin"


def shop_domain() -> str:
    """What follows the shop's own part of its address."""
    return f".{settings.current().domain}"


def shop_origin(draft: WizardDraft | None) -> str | None:
    """The origin of the shop that the last step leads to, for the browser's policy on forms."""
    if draft is None:
        return None
    answer = steps.typed(draft, "shop")
    try:
        slug = steps.read(draft, "shop").address if answer else ""
    except InvalidInput:
        return None
    return settings.current().public_origin(isolation.own_host(slug)) if slug else None


def currency_of(draft: WizardDraft | None) -> str:
    """The currency that prices in the wizard are in."""
    region = steps.typed(draft, "region") if draft else {}
    guess = draft.answers.get("guess", {}).get("country", "") if draft else ""
    return region.get("currency") or country_or_default(region.get("country") or guess).currency


def demo_shops() -> list[DemoShop]:
    """The demo shops that stand, on a developer's machine; nowhere else."""
    if settings.current().is_production:
        return []
    found = []
    for folder in packs.folders():
        tenant = tenancy.tenant_by_slug(folder.name) if folder.pack.pack.is_demo else None
        if tenant is not None and tenant.status == "open":
            url = settings.current().public_origin(tenancy.primary_host(tenant.id)) + "/"
            found.append(DemoShop(tenant.name, url, folder.pack.pack.text))
    return found
