"""Every entry gets its seal within a minute; what is older than its shop wants goes at night."""

import logging

from app.core import audit_chain, audit_cutting, audit_platform, db, jobs
from app.platform.tenancy import queries as tenancy

log = logging.getLogger("app.audit")


@jobs.every("* * * * *")
def seal() -> None:
    """Shop by shop, as many entries as wait. The platform's own need none; where they end is noted."""
    for tenant in audit_chain.tenants_to_seal():
        try:
            with db.unit_of_work(tenant):
                while audit_chain.seal():
                    db.checkpoint()
                audit_chain.note_head()
        except Exception:
            log.exception("the audit trail of tenant %s could not be sealed", tenant)
        finally:
            db.session.remove()
    audit_platform.note_head()


@jobs.every("20 3 * * *")
def cut() -> None:
    """Let go what the shops' rules let go, piece by piece. A suspended shop's trail waits with its work."""
    for tenant in audit_cutting.tenants_with_a_rule():
        try:
            while not tenancy.is_suspended(tenant) and audit_cutting.cut(tenant):
                pass
        except Exception:
            log.exception("the audit trail of tenant %s could not be cut", tenant)
        finally:
            db.session.remove()
