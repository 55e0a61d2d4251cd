"""The room's pages in the back office."""

from app.platform.oauth.backoffice import apps, consent, own
from app.platform.oauth.backoffice.door import door

__all__ = ["apps", "consent", "door", "own"]
