"""What people keep of their own work: views of lists, and the way back from a change."""

from uuid import UUID

from flask import Response, g, request

from app.core.access import current_actor, requires
from app.core.i18n import gettext as _
from app.core.web import accepts, redirect_to
from app.platform.staff import queries, undo, views
from app.platform.staff.backoffice import sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.models import SavedView
from app.platform.staff.schemas import Nothing, SaveView
from app.ui import context


@door.post("/views")
@requires("profile.write")
@accepts(SaveView)
def save_view(form: SaveView) -> Response:
    """Keep the list as it is shown now."""
    view = views.save(form, by=current_actor())
    return redirect_to(view.address, _("The view “%(title)s” is saved.", title=view.title))


@door.post("/views/<uuid:view_id>/forget")
@requires("profile.write")
@accepts(Nothing)
def forget_view(form: Nothing, view_id: UUID) -> Response:
    """Take a view off the list; what it showed stays."""
    view = views.forget(view_id, by=current_actor())
    return redirect_to(f"/admin/{view.list}", _("The view “%(title)s” is gone.", title=view.title))


@door.post("/undo/<uuid:step_id>")
@requires("profile.write")
@accepts(Nothing)
def undo_step(form: Nothing, step_id: UUID) -> Response:
    """Take back a change that was made in the last ten minutes."""
    say, back_to = undo.undo(step_id, by=current_actor())
    return redirect_to(back_to, say)


def views_here(list_name: str) -> list[tuple[SavedView, bool]]:
    """The views of a list for whoever is signed in, each with whether it is the one that is shown."""
    here = request.full_path.rstrip("?")
    kept = g.setdefault("views_here", {})
    if list_name not in kept:
        kept[list_name] = queries.views_of(list_name, current_actor().id)
    return [(view, view.address == here) for view in kept[list_name]]


def register(app: object) -> None:
    """Let every list ask for its views, and the layout for the keys."""
    context.provide("views_here", lambda: views_here)
    context.provide("has_shortcuts", sessions.has_shortcuts)
