"""What the audit trail says about translations."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "product.translated": mark("%(who)s translated the product %(what)s"),
        "collection.translated": mark("%(who)s translated the collection %(what)s"),
        "page.translated": mark("%(who)s translated the page %(what)s"),
    },
    things={
        "translation": mark("Translation"),
    },
)
