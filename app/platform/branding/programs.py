"""What programs send to the branding room and read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.core.forms import Upload
from app.core.i18n import gettext


class LookOut(msgspec.Struct):
    """A look of the shop. `tokens` is everything that a brand chooses; version 0 is the look that nobody has chosen."""

    number: int
    status: str
    tokens: dict[str, Any]
    logo_url: str | None
    publish_at: datetime | None
    published_at: datetime | None
    published_by: str


class LooksOut(msgspec.Struct):
    """The latest thirty looks that were ever published, newest first."""

    data: list[LookOut]


class LogoUpload(msgspec.Struct, forbid_unknown_fields=True):
    """A logo: PNG, JPEG, WebP or GIF."""

    file: Upload


class TimeWritten(msgspec.Struct, forbid_unknown_fields=True):
    """When to publish the draft, such as 2026-12-24T06:00:00Z."""

    at: datetime

    def problems(self) -> dict[str, str]:
        """A moment has a time zone."""
        return {} if self.at.tzinfo else {"at": gettext("Name the time zone, as in 2026-11-22T00:00:00Z.")}
