"""Products for programs."""

from __future__ import annotations

from app.core.rest import ApiDoor

door = ApiDoor("catalog")
