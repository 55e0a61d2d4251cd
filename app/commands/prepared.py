"""Whether a database has been prepared for this very code, found out without loading the code.

`prepare` leaves a note of the migrations it knew and the revisions it reached. A start that finds the same migrations
in the checkout and the same revisions in the database has nothing to prepare.
"""

import contextlib
import hashlib
import json
from pathlib import Path

import psycopg

from app.settings import ROOT, Settings

NOTE = "prepared.json"
DEMO = "demo.json"
UNFINISHED = "seeding"


def note(configured: Settings) -> None:
    """Write down what the database is at now."""
    content = {"migrations": fingerprint(), "revisions": revisions(configured)}
    (configured.home / NOTE).write_text(json.dumps(content))


def is_prepared(configured: Settings) -> bool:
    """Whether migrating and seeding would find nothing to do."""
    if (configured.home / UNFINISHED).exists():
        return False
    with contextlib.suppress(OSError, ValueError, psycopg.Error):
        noted = json.loads((configured.home / NOTE).read_text())
        return bool(noted == {"migrations": fingerprint(), "revisions": revisions(configured)})
    return False


def fingerprint(folder: Path = ROOT / "migrations") -> str:
    """One number for all migrations of this checkout."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def revisions(configured: Settings) -> list[str]:
    """The revisions that the database says it is at."""
    with psycopg.connect(configured.owner_url, connect_timeout=10) as connection:
        return sorted(name for (name,) in connection.execute("SELECT version_num FROM alembic_version").fetchall())
