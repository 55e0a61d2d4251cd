"""The pages room's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.tenancy import hooks
from app.shop.pages import api, backoffice, defaults, home_editor, joining, models, newsletter, storefront, texts, trail

assert home_editor.door is backoffice.door  # its routes stand on the room's door
hooks.on_open.append(defaults.open_pages)

feature = Feature(
    name="pages",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "pages.read": mark("See text pages, menus and the home page's parts"),
        "pages.edit": mark("Change text pages, menus and the home page"),
    },
    menu=(
        MenuEntry(
            mark("Home page"),
            "pages_backoffice.home_page",
            icon="images",
            permission="pages.read",
            place=62,
            section=mark("Storefront"),
        ),
        MenuEntry(
            mark("Pages"),
            "pages_backoffice.index",
            icon="file-text",
            permission="pages.read",
            place=65,
            section=mark("Storefront"),
        ),
    ),
    actions=(
        MenuEntry(
            mark("New page"), "pages_backoffice.new", icon="plus", permission="pages.edit", words=mark("write add text")
        ),
    ),
    models=(models,),
    jobs=(newsletter,),
    on_start=(joining.start, texts.start),
    trail=trail.trail,
)
