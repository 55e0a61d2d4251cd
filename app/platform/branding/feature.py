"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.branding import api, backoffice, jobs, models, preview, storefront, trail

feature = Feature(
    name="branding",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "branding.read": mark("See the shop's branding"),
        "branding.edit": mark("Change the branding's draft and preview it"),
        "branding.publish": mark("Publish the branding and bring back an older one"),
    },
    menu=(
        MenuEntry(
            mark("Branding"), "branding_backoffice.index", icon="palette", permission="branding.read", place=60,
            section=mark("Storefront"),
        ),
    ),
    actions=(
        MenuEntry(
            mark("History of the look"),
            "branding_backoffice.history",
            icon="history",
            permission="branding.read",
            words=mark("versions revert brand"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(preview.register,),
    trail=trail.trail,
)  # fmt: skip
