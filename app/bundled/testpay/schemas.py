"""What the bank's page takes."""

from __future__ import annotations

from typing import Literal

import msgspec


class Choose(msgspec.Struct, forbid_unknown_fields=True):
    """How this payment shall end."""

    choice: Literal["approve", "decline", "challenge", "later", "time_out"]
