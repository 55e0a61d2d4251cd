"""One request, from host to commit: isolation, role, cross-site check, access, and what leaves."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
import psycopg
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from app import settings
from app.core import cookies, frames, ids, isolation, login, pagecache, replaying, shown, web
from app.core.db import session
from app.core.errors import DomainError, Misdirected, NotFound, NotSignedIn, ProofIsOld, TooManyRequests
from app.core.i18n import gettext, mark
from app.core.web import Door, htmx, toast

log = logging.getLogger("app.request")
_safe_methods = {"GET", "HEAD", "OPTIONS"}
_FRESH_SECONDS = 5
_ASK_AGAIN_SECONDS = 3600
sign_in_pages: dict[str, str] = {}
proof_pages: dict[str, str] = {}
_doors: dict[str, Door] = {}


class ShopClosed(DomainError):
    """The tenant is suspended or not open yet."""

    code, message, status = "shop_closed", mark("This shop is closed for the moment. Please come back later."), 503


def from_machines(view: Callable[..., Any]) -> Callable[..., Any]:
    """A route that programs post to (a gateway's callback): no CSRF token, the view checks a signature itself."""
    view.__machines__ = True  # type: ignore[attr-defined]  # read by `_refuse_cross_site`
    return view


def init_app(app: Flask, *, find_host: isolation.HostFinder, surfaces: frozenset[str], doors: list[Door]) -> None:
    """Hook the life of a request into Flask. Registered first, so that its end runs last."""
    _doors.update({door.name: door for door in doors})
    app.config["MAX_CONTENT_LENGTH"] = 32 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    htmx.init_app(app)
    app.before_request(lambda: _enter(find_host))
    app.before_request(lambda: _refuse_other_doors(surfaces))
    app.before_request(_refuse_cross_site)
    app.before_request(_refuse_undeclared)
    app.after_request(_finish)
    app.teardown_request(_leave)
    app.register_error_handler(DomainError, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)


def surface() -> str:
    """The surface this request belongs to: of its door, or guessed from its path where no route matched."""
    known: str | None = g.get("surface")
    if known is None:
        door = _doors.get(request.blueprint or "")
        known = g.surface = door.surface if door is not None else _surface_of_path(request.path)
    return known


def _surface_of_path(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    return "backoffice" if path.startswith("/admin") else "storefront"


def _enter(find_host: isolation.HostFinder) -> None:
    """Host -> platform, tenant, or a stranger."""
    g.pop("surface", None)
    g.place, g.request_id = "stranger", f"req_{ids.new_id().hex}"
    host = isolation.normalise_host(request.environ.get("HTTP_HOST"))
    if host and isolation.is_platform(host):
        g.place = "platform"
        return
    tenant = frames.tenant_at(host, find_host) if host else None
    if tenant is None:
        if surface() != "any":
            raise Misdirected()
        return
    g.place, g.tenant = "tenant", tenant
    g.leave = isolation.enter(tenant.id)
    if tenant.status == "closed":
        raise Misdirected()
    if tenant.status not in {"open", "suspended"} and surface() != "any":
        raise ShopClosed()  # of suspended ones core/closing.py thinks when the reader's language is known
    if _only_reads():
        g.leave_frame = frames.enter(tenant.id, lambda: shown.version_of(tenant.id))


def _only_reads() -> bool:
    """May this request use what its process remembers? Not to change things, and not right after a change."""
    is_reading = request.method in {"GET", "HEAD"} and surface() in {"storefront", "api"}
    return is_reading and not pagecache.goes_past(request.headers.get("Cookie", ""))


def _refuse_other_doors(surfaces: frozenset[str]) -> Any:
    """A door of another role, or of the other kind of host."""
    if "\0" in request.path:
        raise NotFound()  # no text that is stored holds one, and the database refuses to be asked for it
    asked = surface()
    if asked == "any":
        return None
    if g.place == "platform" and request.path == "/" and "console" in surfaces:
        return redirect(url_for("onboarding_console.landing"))
    if request.blueprint is None:
        return None
    if (g.place == "platform") != (asked == "console"):
        raise NotFound()
    if asked != "tenant" and asked not in surfaces:
        raise Misdirected()
    return None


def _refuse_cross_site() -> None:
    if request.method in _safe_methods or request.endpoint is None or surface() == "api":
        return
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "__machines__", False):
        login.check_csrf(needs_token=not getattr(view, "__same_origin__", False))


def _refuse_undeclared() -> None:
    """Deny by default: a view without @requires or @public is a mistake, not a page."""
    if request.endpoint and not hasattr(current_app.view_functions[request.endpoint], "__access__"):
        raise RuntimeError(f"{request.endpoint} declares neither @requires nor @public")


def _finish(response: Response) -> Response:
    """Commit what succeeded, roll back what did not, then dress the answer; another one when the commit failed."""
    try:
        _end_transaction(response)
    except (DBAPIError, psycopg.Error) as problem:
        response = _answer_crash(problem)
    else:
        for act in g.get("on_response", ()):
            act(response)
    login.store_csrf(response)
    _mark_as_fresh(response)
    _add_headers(response)
    return response


def _end_transaction(response: Response) -> None:
    if response.status_code < 400:
        login.store_session(response)
        if session.registry.has():  # else nothing was read or written by it
            session.commit()
        return
    session.rollback()
    if not g.get("crashed") and g.get("place") in {"tenant", "platform"}:
        login.store_session(response)
        session.commit()


def _mark_as_fresh(response: Response) -> None:
    """Who changed something, or is about to be told something, sees pages as they are at this moment."""
    has_changed = request.method not in _safe_methods and response.status_code < 400
    is_by_browser = g.get("place") == "tenant" and surface() in {"storefront", "backoffice"}
    if is_by_browser and (has_changed or login.is_session_changed()):
        cookies.set_cookie(pagecache.FRESH, "1", _FRESH_SECONDS, response=response)


def _leave(_: BaseException | None) -> None:
    leave_frame = g.pop("leave_frame", None)
    if leave_frame is not None:
        leave_frame()
    leave = g.pop("leave", None)
    if leave is not None:
        session.remove()
        leave()


# --- headers -------------------------------------------------------------------------------------------------------


_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(self)"),
    ("Cache-Control", "private, no-cache"),
)
_OF_PAGES = ["HX-Request", "HX-Request-Type", "Cookie"]


def _add_headers(response: Response) -> None:
    """What every answer carries, beside what its view has said: looked through once, since each look goes over all."""
    headers = response.headers
    said = {name.lower() for name, _ in headers}
    request_id = g.get("request_id")
    if request_id is not None:
        headers["X-Request-Id"] = request_id
    wanted = [pair for pair in _ALWAYS if pair[0].lower() not in said]
    if request.is_secure and "strict-transport-security" not in said:
        wanted.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    if response.mimetype == "text/html":
        if "content-security-policy" not in said:
            wanted.append(("Content-Security-Policy", content_security_policy()))
        if "x-frame-options" not in said:
            wanted.append(("X-Frame-Options", "SAMEORIGIN"))
        if "vary" in said:
            response.vary.update(_OF_PAGES)
        else:
            wanted.append(("Vary", ", ".join(_OF_PAGES)))
    for name, value in wanted:
        headers.add(name, value)


def content_security_policy() -> str:
    """The strict policy: own files only, no inline script or style anywhere."""
    return _policy(settings.current().asset_base_url, tuple(g.get("csp", ())))


@lru_cache(maxsize=100)
def _policy(base: str, extended: tuple[tuple[str, str], ...]) -> str:
    own = "'self'" + (f" {'/'.join(base.split('/')[:3])}" if base else "")
    rules = {
        "default-src": "'none'", "script-src": own, "style-src": own, "img-src": f"{own} data: blob:", "font-src": own,
        "connect-src": "'self'", "frame-src": "'self'", "form-action": "'self'", "frame-ancestors": "'self'",
        "base-uri": "'none'", "manifest-src": "'self'", "object-src": "'none'",
    }  # fmt: skip
    for directive, origin in extended:
        rules[directive] = f"{rules[directive]} {origin}"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


# --- refusals ------------------------------------------------------------------------------------------------------


def _answer_refusal(refusal: DomainError) -> Any:
    if isinstance(refusal, NotSignedIn) and surface() != "api":
        return _ask_to_sign_in()
    if isinstance(refusal, ProofIsOld) and surface() != "api" and login.surface_kind() in proof_pages:
        return web.redirect_to(url_for(proof_pages[login.surface_kind()], next=_page_asked_from() or None))
    extra = {"errors": refusal.errors} if hasattr(refusal, "errors") else {}
    extra |= getattr(refusal, "told", {})
    response = _answer(refusal.status, refusal.code, refusal.sentence, extra)
    if isinstance(refusal, TooManyRequests):
        response.headers["Retry-After"] = str(refusal.params.get("seconds", 1))
    elif isinstance(refusal, ShopClosed):
        response.headers["Retry-After"] = str(_ASK_AGAIN_SECONDS)
    return response


def _answer_http(problem: HTTPException) -> Any:
    if problem.code is None or problem.code < 400:
        return problem.get_response()
    sentences = {
        404: gettext(NotFound.message),
        405: gettext("This address does not take that kind of request."),
        413: gettext("This is too large. Please send less at once."),
        400: gettext("This request could not be read."),
    }
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(problem.code, "bad_request")
    response = _answer(
        problem.code, code, sentences.get(problem.code, gettext("This request could not be answered.")), {}
    )
    if isinstance(problem, MethodNotAllowed) and problem.valid_methods:
        response.headers["Allow"] = ", ".join(problem.valid_methods)
    if isinstance(problem, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
    return response


def _answer_crash(problem: Exception) -> Any:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise problem
    g.crashed = True
    log.exception("%s %s failed", request.method, request.path)
    with contextlib.suppress(DBAPIError, psycopg.Error):  # of a connection that is gone nothing is left to take back
        session.rollback()
    if replaying.note(problem) or isinstance(problem, OperationalError):
        return _answer(
            503, "unavailable", gettext("This is not available for the moment. Please try again shortly."), {}
        )
    return _answer(500, "internal_error", gettext("Something went wrong on our side. Nothing was changed."), {})


def _ask_to_sign_in() -> Any:
    kind = login.surface_kind()
    endpoint = sign_in_pages.get(kind)
    if endpoint is None:
        return _answer(401, NotSignedIn.code, NotSignedIn.message, {})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return web.redirect_to(url_for(endpoint, next=wanted or None))


def _page_asked_from() -> str:
    """The page that is asked for, or the one on which a form stands."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    is_ours = came_from.netloc == request.host
    return f"{came_from.path}?{came_from.query}".rstrip("?") if is_ours else ""


def _answer(status: int, code: str, sentence: str, extra: dict[str, Any]) -> Response:
    if surface() == "api":
        return problem_json(status, code, sentence, extra | _pointed(extra.get("errors", {})))
    if web.is_fragment_request():
        response = toast(make_response("", status), sentence, "danger")
        response.headers["HX-Reswap"] = "none"
        return response
    return make_response(_error_page(status, sentence), status)


def _pointed(errors: dict[str, str]) -> dict[str, Any]:
    """The same mistakes with a JSON pointer into the body (RFC 6901), or the name of the query's parameter."""
    if not errors:
        return {}
    if request.method in _safe_methods:
        return {"problems": [{"parameter": field, "detail": said} for field, said in errors.items()]}
    places = ((re.sub(r"[.\[\]]+", "/", f".{field}").rstrip("/"), said) for field, said in errors.items())
    return {"problems": [{"pointer": place, "detail": said} for place, said in places]}


def problem_json(status: int, code: str, sentence: str, extra: dict[str, Any] | None = None) -> Response:
    """RFC 9457: what went wrong, for programs; `code` is stable."""
    body = {"type": f"/api/docs#{code}", "title": sentence, "status": status, "code": code, **(extra or {})}
    response = make_response(msgspec.json.encode(body), status)
    response.headers["Content-Type"] = "application/problem+json"
    if status == 401:
        is_wrong = bool(login.bearer_token())
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if is_wrong else "Bearer"  # RFC 6750, 3
    return response


def _error_page(status: int, sentence: str) -> str:
    """The branded page; one without a database, and at last a bare one, where even that fails."""
    for template in ("ui/error.html", "ui/error_static.html"):
        try:
            return render_template(template, status=status, sentence=sentence)
        except Exception:
            log.exception("%s failed", template)
            session.rollback()
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>{status}</title><h1>{escape(sentence)}</h1></html>"
