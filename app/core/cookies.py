"""Cookies: host-only, Lax, out of reach of scripts, and `__Host-` wherever browsers take it."""

from __future__ import annotations

from flask import Request, Response, has_request_context, request

from app import settings


def cookie_name(name: str) -> str:
    """`__Host-` in front, except on a developer's plain http, where browsers refuse it."""
    return f"__Host-{name}" if _is_secure() else name


def set_cookie(
    name: str, value: str, max_age: int | None = None, http_only: bool = True, *, response: Response
) -> None:
    """Host-only, Lax, and out of reach of scripts."""
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, path="/", secure=_is_secure(), httponly=http_only, samesite="Lax"
    )


def drop_cookie(name: str, response: Response) -> None:
    """Forget a cookie."""
    response.delete_cookie(cookie_name(name), path="/", secure=_is_secure(), httponly=True, samesite="Lax")


def read_cookie(name: str, asked: Request | None = None) -> str | None:
    """A cookie's value, or None."""
    return (asked or request).cookies.get(cookie_name(name))


def _is_secure() -> bool:
    return settings.current().is_production or (has_request_context() and request.is_secure)
