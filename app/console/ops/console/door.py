"""The door that the operator's pages share."""

from app.core.web import ConsoleDoor

door = ConsoleDoor("ops")
