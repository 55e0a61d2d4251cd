"""The room's pages: the way in by the provider, and its settings."""

from app.platform.sso.backoffice import entry, settings
from app.platform.sso.backoffice.door import door

__all__ = ["door", "entry", "settings"]
