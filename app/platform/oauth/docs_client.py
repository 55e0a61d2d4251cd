"""The app that every shop has: our own page that tries the API out. It keeps no secret, and gets no refresh token.

Its row is written when it is first used; its id follows from the shop's, so that the page can name it before.
"""

from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from app.core import clock, db, ids, isolation
from app.platform.oauth import queries, scopes
from app.platform.oauth.models import CLIENT_PREFIX, OAuthClient

NAME = "API docs"
COMES_BACK_TO = "/api/docs/signed-in"
_NOBODY = UUID(int=0)


def docs_client_id() -> str:
    """What the page calls itself at this shop's server."""
    return ids.to_public(CLIENT_PREFIX, _identity())


def found(client_id: str) -> OAuthClient | None:
    """The shop's own app under this id, up to date with the shop's address and the API's scopes; None for others.

    None as well once somebody has removed it.
    """
    if client_id != docs_client_id():
        return None
    home, all_scopes = [isolation.tenant_url(COMES_BACK_TO)], sorted(scopes.for_programs())
    app = queries.any_app(_identity()) or _written()
    if app.redirect_uris != home or app.scopes != all_scopes:
        app.redirect_uris, app.scopes = home, all_scopes
    return app if app.is_active else None


def _written() -> OAuthClient:
    """Two first visitors agree on one row."""
    now = clock.now()
    row = {
        "tenant_id": isolation.tenant_id(), "id": _identity(), "name": NAME, "is_public": True, "is_own": True,
        "redirect_uris": [], "scopes": [], "acts_alone": False, "made_by": _NOBODY, "created_at": now,
        "updated_at": now,
    }  # fmt: skip
    db.session.execute(insert(OAuthClient).values(row).on_conflict_do_nothing())
    app = queries.any_app(_identity())
    assert app is not None
    return app


def _identity() -> UUID:
    return uuid5(isolation.tenant_id(), "livery api docs")
