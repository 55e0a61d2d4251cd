"""Shoppers' pages of the catalogue."""

from __future__ import annotations

from app.core.web import StorefrontDoor

door = StorefrontDoor("catalog")
