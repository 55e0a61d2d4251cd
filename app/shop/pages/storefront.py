"""Shoppers' pages: home, text pages, robots and sitemap."""

from __future__ import annotations

from app.core.web import StorefrontDoor

door = StorefrontDoor("pages")
