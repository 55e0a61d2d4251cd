"""Everything that changes tenants and the shop row."""

from dataclasses import asdict, fields, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.core import audit, audit_platform, clock, db, ids, isolation, login, text
from app.core.access import BY_HAND, Actor, current_actor
from app.core.events import publish
from app.core.i18n import gettext
from app.platform.tenancy import addresses, hooks, queries
from app.platform.tenancy.countries import country_or_default
from app.platform.tenancy.errors import AddressTaken
from app.platform.tenancy.events import ShopChanged, ShopOpened
from app.platform.tenancy.models import Operator, Shop, Tenant
from app.platform.tenancy.schemas import NewTenant, ShopSettings

AN_OPENING_IS_ABANDONED_AFTER = timedelta(minutes=30)


def address_problem(slug: str) -> str | None:
    """Why a new shop cannot have this address, in one sentence; None when it is free."""
    problem = addresses.shape_problem(slug)
    if problem is None and queries.tenant_by_slug(slug) is not None:
        problem = gettext("%(slug)s is taken.", slug=slug)
    return problem


def suggest(slug: str) -> list[str]:
    """Up to three free addresses close to this one."""
    near = addresses.variations(text.slugify(slug))
    taken = queries.taken_among(near)
    return [address for address in near if address not in taken][:3]


def open_tenant(new: NewTenant) -> UUID:
    """Open a shop and return its tenant's id. Raises AddressTaken.

    Three commits: the address is claimed in the catalogue (`opening`), the shop row and every room's first rows are
    written in the tenant, the catalogue says `open`. A call that was killed in between is taken up by the next one
    that brings the same claim, and a claim that has opened its shop gets it again; any other caller hears that the
    address is taken.
    """
    new = with_defaults(new)
    tenant_id = _claim(new)
    db.checkpoint()
    try:
        with db.unit_of_work(tenant_id):
            if queries.shop_or_none() is None:
                _furnish(new)
    except IntegrityError:
        # The same claim came twice at once; the other call has written the shop, or this one must say why not.
        with db.unit_of_work(tenant_id):
            if queries.shop_or_none() is None:
                raise
    _declare_open(new.slug)
    db.checkpoint()
    return tenant_id


def with_defaults(new: NewTenant) -> NewTenant:
    """The same shop with everything that was left empty filled in from its country."""
    country = country_or_default(new.country)
    includes_tax = country.prices_include_tax if new.prices_include_tax is None else new.prices_include_tax
    return replace(
        new,
        country=new.country.upper(),
        currency=new.currency or country.currency,
        locale=new.locale or country.locale,
        timezone=new.timezone or country.timezone,
        weight_unit=new.weight_unit or country.weight_unit,
        prices_include_tax=includes_tax,
        contact_email=new.contact_email or new.owner_email,
    )


def _claim(new: NewTenant) -> UUID:
    """Take the address in the catalogue, or find the interrupted opening that this call continues."""
    problem = addresses.shape_problem(new.slug)
    if problem:
        raise AddressTaken(problem=problem)
    row = {"id": ids.new_id(), "slug": new.slug, "name": new.name, "status": "opening", "claim": new.claim}
    row["created_at"] = clock.now()
    db.catalogue.execute(insert(Tenant).values(row).on_conflict_do_nothing(index_elements=["slug"]))
    tenant = queries.lock_tenant(new.slug)
    is_ours = tenant.claim == new.claim and (new.claim or tenant.status == "opening")
    if tenant.id != row["id"] and not is_ours:
        raise AddressTaken(problem=gettext("%(slug)s is taken.", slug=new.slug))
    return tenant.id


def _furnish(new: NewTenant) -> None:
    """Write the shop row and let every room add what a shop needs from the start."""
    db.add(
        Shop(
            name=new.name,
            legal_name=new.legal_name or new.name,
            contact_email=text.normalise_email(new.contact_email) if new.contact_email else "",
            address=new.address,
            country=new.country,
            currency=new.currency,
            locale=new.locale,
            timezone=new.timezone,
            weight_unit=new.weight_unit,
            prices_include_tax=new.prices_include_tax,
            announcement=new.announcement,
        )
    )
    db.flush()
    for furnish in hooks.on_open:
        furnish(new)
    publish(ShopOpened(slug=new.slug, name=new.name))


def _declare_open(slug: str) -> None:
    """Let the tenant's hosts answer."""
    tenant = queries.lock_tenant(slug)
    if tenant.status == "opening":
        tenant.status, tenant.opened_at = "open", clock.now()
        audit_platform.record(current_actor(), "tenant.opened", tenant, name=tenant.slug)
    db.catalogue.flush()


def finish_abandoned_openings() -> int:
    """Openings that nobody came back to: open those whose shop stands, release the address of the others."""
    before = clock.now() - AN_OPENING_IS_ABANDONED_AFTER
    abandoned = queries.openings_before(before)
    for tenant in abandoned:
        with db.unit_of_work(tenant.id):
            stands = queries.shop_or_none() is not None
        if stands:
            _declare_open(tenant.slug)
        else:
            db.catalogue.delete(tenant)
        db.checkpoint()
    return len(abandoned)


def suspend(slug: str, *, because: str = "") -> Tenant:
    """From the next request on shoppers and programs find it closed, and its background work waits.

    Raises NoSuchTenant; suspending twice changes nothing.
    """
    tenant = queries.lock_tenant(slug)
    if tenant.status == "open":
        tenant.status, tenant.suspended_because, tenant.suspended_at = "suspended", because, clock.now()
    db.catalogue.flush()
    return tenant


def resume(slug: str) -> Tenant:
    """Let a suspended tenant's hosts answer again, and what waited go on. Raises NoSuchTenant."""
    tenant = queries.lock_tenant(slug)
    if tenant.status == "suspended":
        tenant.status, tenant.suspended_because, tenant.suspended_at = "open", "", None
    db.catalogue.flush()
    return tenant


def update_shop(wanted: ShopSettings, *, by: Actor) -> Shop:
    """Change the general settings; a currency that is fixed by orders is judged by the caller."""
    shop = queries.lock_shop()
    changed = [name for name, value in asdict(wanted).items() if getattr(shop, name) != value]
    for name in changed:
        setattr(shop, name, getattr(wanted, name))
    if changed:
        audit.record(by, "shop.changed", shop.tenant_id, fields=changed)
        publish(ShopChanged(fields=changed))
    return shop


def settings_of(shop: Shop) -> ShopSettings:
    """The general settings as they are."""
    return ShopSettings(**{field.name: getattr(shop, field.name) for field in fields(ShopSettings)})


def rename(name: str) -> None:
    """Let the registry of tenants show the entered shop's new name."""
    tenant = queries.tenant_by_id(isolation.tenant_id())
    if tenant is not None:
        tenant.name = name


def keep_setting(name: str, value: object) -> None:
    """Put one value into the shop's further settings; equal values change nothing."""
    shop = queries.lock_shop()
    if shop.settings.get(name) != value:
        shop.settings = {**shop.settings, name: value}


def set_open(is_open: bool, *, by: Actor) -> Shop:
    """Open the storefront to shoppers or close it; the back office works either way."""
    shop = queries.lock_shop()
    if shop.is_open != is_open:
        shop.is_open = is_open
        audit.record(by, "shop.opened" if is_open else "shop.closed", shop.tenant_id)
        publish(ShopChanged(fields=["is_open"]))
    return shop


def tick_off(item: str, *, by: Actor) -> Shop:
    """Take one item off the checklist because staff say it is not for them."""
    shop = queries.lock_shop()
    if item not in shop.checklist_done:
        shop.checklist_done = [*shop.checklist_done, item]
        audit.record(by, "checklist.ticked", shop.tenant_id, item=item)
    return shop


def add_operator(email: str, password: str, *, name: str = "", by: Actor = BY_HAND) -> Operator:
    """An operator account; an e-mail that has one keeps it, with the new password, and its sessions end."""
    email = text.normalise_email(email)
    operator = queries.operator_by_email(email)
    is_new = operator is None
    if operator is None:
        operator = Operator(id=ids.new_id(), email=email)
        db.catalogue.add(operator)
    operator.name, operator.password_hash = name or email, login.hash_password(password)
    audit_platform.record(by, "operator.added" if is_new else "operator.password_set", operator, email=email)
    db.catalogue.flush()
    login.sign_out_everywhere("operator", operator.id)
    return operator
