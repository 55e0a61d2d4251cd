"""Files that belong to one tenant: pictures, logos, uploads.

A file's name is made from what is in it, so a file never changes under its address, equal files are kept once a tenant
and a browser may keep a copy for ever. A write is whole or absent: the store writes beside the final name and renames.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import obstore
from obstore.store import LocalStore

from app import settings
from app.core import isolation
from app.core.errors import NotFound

MEDIA_TYPES = {
    "avif": "image/avif",
    "csv": "text/csv; charset=utf-8",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "woff2": "font/woff2",
}
"""Every kind of file that may be kept, by its suffix, with the content type it is served with."""

_KEY = re.compile(r"(?P<kind>[a-z][a-z0-9-]{0,31})/(?P<digest>[0-9a-f]{64})\.(?P<suffix>[a-z0-9]{2,5})")


def put(data: bytes, *, suffix: str, kind: str) -> str:
    """Keep a file of this tenant and return its key, `<kind>/<sha256>.<suffix>`.

    Putting the same bytes again writes nothing and gives the same key. Raises ValueError for an unknown kind or suffix.
    """
    key = checked(f"{kind}/{hashlib.sha256(data).hexdigest()}.{suffix}")
    if not exists(key):
        obstore.put(_store(), _place(key), data)
    return key


def total_bytes() -> int:
    """How much all files of this tenant take."""
    listed = obstore.list(_store(), prefix=str(isolation.tenant_id()))
    return sum(int(one["size"]) for batch in listed for one in batch)


def read(key: str) -> bytes:
    """The bytes under a key of this tenant. Raises NotFound, for another tenant's key as for one that never was."""
    try:
        return bytes(obstore.get(_store(), _place(key)).bytes())
    except (FileNotFoundError, ValueError):
        raise NotFound() from None


def exists(key: str) -> bool:
    """Is there a file of this tenant under the key?"""
    try:
        obstore.head(_store(), _place(key))
    except FileNotFoundError:
        return False
    return True


def delete(key: str) -> None:
    """Remove a file of this tenant; one that is already gone is no error."""
    try:
        obstore.delete(_store(), _place(key))
    except FileNotFoundError:
        return


def url(key: str) -> str:
    """The path a browser asks this tenant's host for."""
    return f"/media/{checked(key)}"


def media_type(key: str) -> str:
    """The content type a file is served with, by its suffix alone and never by what an uploader claimed."""
    return MEDIA_TYPES[checked(key).rpartition(".")[2]]


def checked(key: str) -> str:
    """The key itself when it has the shape that `put` gives: no odd dots or slashes. Raises ValueError otherwise."""
    match = _KEY.fullmatch(key)
    if match is None or match["suffix"] not in MEDIA_TYPES:
        raise ValueError("This is not the key of a stored file.")
    return key


def _place(key: str) -> str:
    """Where a file lies below the media folder; the tenant comes from the host or the job, never from the key."""
    return f"{isolation.tenant_id()}/{checked(key)}"


def _store() -> LocalStore:
    return _store_at(settings.current().home / "media")


@cache
def _store_at(folder: Path) -> LocalStore:
    """One store a folder and process; made on first use, so that no thread of it is there before gunicorn forks."""
    return LocalStore(prefix=folder, mkdir=True)
