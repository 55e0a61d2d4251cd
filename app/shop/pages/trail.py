"""What the audit trail says about pages, menus and the home page."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "page.created": mark("%(who)s created the page %(what)s"),
        "page.updated": mark("%(who)s changed the page %(what)s"),
        "page.deleted": mark("%(who)s deleted the page %(what)s"),
        "menu.written": mark("%(who)s changed the menu %(what)s"),
        "home.written": mark("%(who)s changed the home page"),
    },
    things={
        "text_page": mark("Page"),
        "menu": mark("Menu"),
        "home_section": mark("Section of the home page"),
    },
)
