"""Lists that people keep under a name, for themselves or for the team."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from app.core import audit, db
from app.core.access import Actor
from app.platform.staff import queries
from app.platform.staff.errors import TooManyViews
from app.platform.staff.models import SavedView
from app.platform.staff.schemas import SaveView

MOST = 30
_PLACES = {"cursor", "page"}


def save(form: SaveView, *, by: Actor) -> SavedView:
    """Keep a list's filters and order under a name; the same name again replaces them. Raises TooManyViews."""
    owner = None if form.shared else by.id
    seen = queries.views_of(form.list, by.id)
    view = next((one for one in seen if one.title == form.title and one.staff_id == owner), None)
    if view is None:
        if len(seen) >= MOST:
            raise TooManyViews
        view = db.add(SavedView(list=form.list, title=form.title, staff_id=owner, query=""))
    view.query = _state(form.query)
    audit.record(by, "view.saved", view.id, list=form.list, title=form.title)
    return view


def forget(view_id: UUID, *, by: Actor) -> SavedView:
    """Take a view off the list: one's own, or one of the team's. Raises NotFound."""
    view = queries.lock_view(view_id, by.id)
    audit.record(by, "view.forgotten", view.id, list=view.list, title=view.title)
    db.delete(view)
    return view


def _state(query: str) -> str:
    """Filters and order without the place in the list: a view begins at its first page."""
    pairs = parse_qsl(query.lstrip("?"), max_num_fields=40)
    return urlencode([(name, value) for name, value in pairs if name not in _PLACES])
