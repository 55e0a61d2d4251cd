"""The room's card."""

from app.core import audit, audit_anchor, audit_chain, audit_lanes, audit_platform
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.audit import api, backoffice, commands, jobs, trail

feature = Feature(
    name="audit",
    doors=(backoffice.door, api.door),
    permissions={
        "audit.read": mark("See who changed what"),
        "audit.keep": mark("Decide how long the audit trail is kept"),
        "audit.export": mark("Take the audit trail out as a file"),
    },
    menu=(
        MenuEntry(
            mark("Audit trail"),
            "audit_backoffice.index",
            icon="list",
            permission="audit.read",
            place=88,
            section=mark("Settings"),
            words=mark("history log changes who did what"),
        ),
    ),
    models=(audit, audit_chain, audit_lanes, audit_anchor, audit_platform),
    jobs=(jobs,),
    cli=(commands.audit,),
    trail=trail.trail,
)
