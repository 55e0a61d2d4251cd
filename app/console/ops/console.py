"""Door: the operator's pages."""

from app.core.web import ConsoleDoor

door = ConsoleDoor("ops")
