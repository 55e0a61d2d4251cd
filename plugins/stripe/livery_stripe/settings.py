"""What staff fill in."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from app.pluginapi import Secret, gettext, mark


class Settings(msgspec.Struct):
    """Keys of the shop's own account at Stripe."""

    api_key: Annotated[
        Secret,
        Meta(
            title=mark("Secret key"),
            description=mark("Begins with sk_ or rk_. Found at Stripe under Developers, API keys."),
        ),
    ] = ""
    webhook_secret: Annotated[
        Secret,
        Meta(
            title=mark("Signing secret of the webhook"),
            description=mark("Begins with whsec_. Found at Stripe beside the endpoint."),
        ),
    ] = ""

    def problems(self) -> dict[str, str]:
        """Keys that were mixed up are told apart by how they begin."""
        found = {}
        if self.api_key and not self.api_key.startswith(("sk_", "rk_")):
            found["api_key"] = gettext("A secret key begins with sk_ or rk_.")
        if self.webhook_secret and not self.webhook_secret.startswith("whsec_"):
            found["webhook_secret"] = gettext("A signing secret begins with whsec_.")
        return found
