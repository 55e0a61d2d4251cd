"""Every entry gets its seal within a minute."""

import logging

from app.core import audit_chain, db, jobs

log = logging.getLogger("app.audit")


@jobs.every("* * * * *")
def seal() -> None:
    """Shop by shop, as many entries as wait."""
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
