"""The door that all of this room's pages hang on."""

from app.core.web import BackofficeDoor

door = BackofficeDoor("sso")
