"""Everything that reads tenants, domains, operators and the shop row."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import and_, inspect, select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from app import settings
from app.core import closing, db, frames, isolation
from app.core.prepared import Prepared
from app.platform.tenancy.errors import NoSuchTenant
from app.platform.tenancy.models import Domain, Operator, Shop, Tenant
from app.platform.tenancy.schemas import TenantRef


def current_shop() -> Shop:
    """The shop row of the tenant this request or job is in; one read a transaction."""
    shop = shop_or_none()
    if shop is None:
        raise NoSuchTenant(slug=str(isolation.tenant_id()))
    return shop


def shop_or_none() -> Shop | None:
    """The shop row, or None while the tenant is still opening.

    A request that only reads shares a detached row with others of its process.
    """
    return frames.kept("shop", _detached_shop) if frames.current() else _shop_row()


def _detached_shop() -> Shop | None:
    shop = _shop_row()
    if shop is not None:
        db.session.info.pop("shop", None)
        db.session.expunge(shop)
    return shop


def _shop_row() -> Shop | None:
    """One read a transaction.

    The session is made to hold on to the row: its own memory is weak, and every page asks several times.
    """
    current, tenant_id = db.session(), isolation.tenant_id()
    transaction, shop = current.info.get("shop", (None, None))
    if transaction is not None and transaction is current.get_transaction() and shop.tenant_id == tenant_id:
        return shop if shop in current else None
    shop = _read_shop(current, tenant_id)
    if shop is not None:
        current.info["shop"] = (current.get_transaction(), shop)
    return shop


def _read_shop(current: Session, tenant_id: UUID) -> Shop | None:
    """The row as an object of the session. Where the session knows nothing of it yet, by a prepared statement."""
    key = (tenant_id,)
    if current.new or current.dirty or current.deleted or identity_key(Shop, key) in current.identity_map:
        return current.get(Shop, key, populate_existing=not current.new and not current.dirty)
    row = _columns_of_shop().first()
    if row is None:
        return None
    shop = Shop(**row._asdict())
    make_transient_to_detached(shop)
    current.add(shop)
    return shop


@cache
def _columns_of_shop() -> Prepared:
    return Prepared(select(*(getattr(Shop, one.key) for one in inspect(Shop).column_attrs)))


def find_host(host: str) -> TenantRef | None:
    """The tenant at this host (normalised, without a port); None for a stranger.

    `<slug>.<platform domain>` always answers; any other name must be a verified domain. The state is not judged here.
    """
    slug = slug_of(host)
    if slug is not None:
        tenant = tenant_by_slug(slug)
        return TenantRef(tenant.id, tenant.slug, tenant.status) if tenant else None
    row = db.catalogue.execute(
        select(Tenant.id, Tenant.slug, Tenant.status, Domain.is_primary)
        .join(Domain, Domain.tenant_id == Tenant.id)
        .where(Domain.host == host, Domain.verified_at.is_not(None))
    ).first()
    return TenantRef(*row) if row else None


def slug_of(host: str) -> str | None:
    """The one label in front of the platform's domain; None for every other host."""
    label, _, rest = host.partition(".")
    return label if label and rest == settings.current().domain else None


def primary_host(tenant_id: UUID) -> str:
    """The host that links to this tenant use: its verified primary domain, else its address on the platform."""
    return frames.kept(("primary_host", tenant_id), lambda: _primary_host(tenant_id))


def _primary_host(tenant_id: UUID) -> str:
    is_its_own = and_(Domain.tenant_id == Tenant.id, Domain.is_primary.is_(True), Domain.verified_at.is_not(None))
    found = db.catalogue.execute(
        select(Tenant.slug, Domain.host).outerjoin(Domain, is_its_own).where(Tenant.id == tenant_id)
    ).first()
    if found is None:
        raise NoSuchTenant(slug=str(tenant_id))
    return found.host or isolation.own_host(found.slug)


def own_host_of(tenant_id: UUID) -> str:
    """The tenant's address below the platform's domain. Raises NoSuchTenant."""
    found = tenant_by_id(tenant_id)
    if found is None:
        raise NoSuchTenant(slug=str(tenant_id))
    return isolation.own_host(found.slug)


def domains_of(tenant_id: UUID) -> Sequence[Domain]:
    """The tenant's own host names, the primary one first."""
    return db.catalogue.scalars(
        select(Domain).where(Domain.tenant_id == tenant_id).order_by(Domain.is_primary.desc(), Domain.host)
    ).all()


def all_tenants() -> Sequence[Tenant]:
    """Every tenant, by address."""
    return db.catalogue.scalars(select(Tenant).order_by(Tenant.slug)).all()


def open_tenants() -> Sequence[Tenant]:
    """Every tenant whose shop answers, by address."""
    return db.catalogue.scalars(select(Tenant).where(Tenant.status == "open").order_by(Tenant.slug)).all()


def first_open_host() -> str | None:
    """A host at which a shop answers, whichever it is; None where no shop is open yet."""
    wanted = select(Tenant.id).where(Tenant.status == "open").order_by(Tenant.slug).limit(1)
    found = db.catalogue.scalar(wanted)
    return primary_host(found) if found else None


def open_among(tenant_ids: set[UUID]) -> Sequence[Tenant]:
    """Those of these tenants whose shop answers, by address."""
    wanted = select(Tenant).where(Tenant.id.in_(tenant_ids), Tenant.status == "open")
    return db.catalogue.scalars(wanted.order_by(Tenant.slug)).all() if tenant_ids else []


def openings_before(moment: datetime) -> Sequence[Tenant]:
    """Tenants that began to open before this moment and have not finished."""
    return db.catalogue.scalars(select(Tenant).where(Tenant.status == "opening", Tenant.created_at < moment)).all()


def tenant_by_slug(slug: str) -> Tenant | None:
    """The tenant with this address."""
    return db.catalogue.scalar(select(Tenant).where(Tenant.slug == slug))


def tenant_by_id(tenant_id: UUID) -> Tenant | None:
    """The tenant with this id."""
    return db.catalogue.get(Tenant, tenant_id)


def is_suspended(tenant_id: UUID) -> bool:
    """Is this tenant suspended at this moment?"""
    return db.catalogue.scalar(select(Tenant.status).where(Tenant.id == tenant_id)) == "suspended"


def suspension_here() -> Tenant | None:
    """The registry's row of the shop that is asked for, if it is suspended: why, and since when."""
    return tenant_by_id(isolation.tenant_id()) if closing.is_suspended() else None


def tenant_named(slug: str) -> Tenant:
    """The tenant with this address; raises NoSuchTenant."""
    tenant = tenant_by_slug(slug)
    if tenant is None:
        raise NoSuchTenant(slug=slug)
    return tenant


def lock_tenant(slug: str) -> Tenant:
    """The tenant with this address, locked until the catalogue commits; raises NoSuchTenant."""
    tenant = db.catalogue.scalar(
        select(Tenant).where(Tenant.slug == slug).with_for_update().execution_options(populate_existing=True)
    )
    if tenant is None:
        raise NoSuchTenant(slug=slug)
    return tenant


def lock_shop() -> Shop:
    """The shop row, locked until the transaction ends."""
    return db.session.scalars(select(Shop).with_for_update().execution_options(populate_existing=True)).one()


def taken_among(slugs: Sequence[str]) -> set[str]:
    """Which of these addresses somebody has."""
    return set(db.catalogue.scalars(select(Tenant.slug).where(Tenant.slug.in_(slugs))))


def operator_by_email(email: str) -> Operator | None:
    """The operator with this normalised e-mail."""
    return db.catalogue.scalar(select(Operator).where(Operator.email == email))


def operator_by_id(operator_id: UUID) -> Operator | None:
    """The operator with this id."""
    return db.catalogue.get(Operator, operator_id)
