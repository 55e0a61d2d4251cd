""" "Test connection": a plugin tries settings before they are stored."""

from __future__ import annotations

from typing import Any

import msgspec

from app.core import db
from app.platform.plugins import places, service
from app.platform.plugins.calling import LEFT_ALONE, STOPPED, Failed, call
from app.platform.plugins.errors import NoConnection, NothingToSetUp

_LONGEST_SENTENCE = 300


def try_settings(name: str, settings: msgspec.Struct) -> str:
    """What the plugin says to these settings, secrets that were left empty filled in. Talks to the outside.

    Raises NotFound, NothingToSetUp where the plugin has nothing to try, and NoConnection.
    """
    plugin = service.plugin_or_404(name)
    if plugin.check is None:
        raise NothingToSetUp(title=plugin.label)
    filled, secrets = service.with_stored_secrets(plugin, settings)
    db.checkpoint()
    try:
        said: Any = call(name, places.CONNECTION, plugin.check, filled, answers=str, hide=secrets)
    except Failed as failure:
        is_old = failure.kind in {LEFT_ALONE, STOPPED}
        raise NoConnection(said="" if is_old else failure.said[:_LONGEST_SENTENCE]) from failure
    return str(said)[:_LONGEST_SENTENCE]
