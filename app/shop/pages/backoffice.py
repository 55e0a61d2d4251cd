"""Staff's pages: text pages and menus."""

from __future__ import annotations

from app.core.web import BackofficeDoor

door = BackofficeDoor("pages")
