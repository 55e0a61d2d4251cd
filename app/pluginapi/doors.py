"""Pages of a plugin: below /x/<plugin>/ on every shop that has it on."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException

from app.core.errors import DomainError, NotFound
from app.core.i18n import mark
from app.core.web import Door
from app.platform.plugins import places, standing
from app.platform.plugins.bulkhead import Bulkhead
from app.platform.plugins.calling import RAISED, TOO_SLOW, note

_at_once = Bulkhead(2)
"""Of the threads that answer requests, so many may be in the pages of plugins; a process as we start it has four."""

os.register_at_fork(after_in_child=_at_once.begin)


class TooBusy(DomainError):
    """Pages of plugins have no thread left; the shop has."""

    code, message, status = "plugin_busy", mark("This page is busy at the moment. Please try again."), 503


class PluginDoor(Door):
    """Routes of one plugin. Where the plugin is not on, they are not there.

    A page runs in the request and cannot be stopped from outside. So few of them run at once, and one that crashes, or
    is slower than its budget, is listed as a failure of the plugin, which pauses one that goes on like that.
    """

    surface = "storefront"

    def __init__(self, plugin: str) -> None:
        super().__init__(f"x_{plugin}", prefix=f"/x/{plugin}")
        self.plugin = plugin
        self.before_request(self._refuse_where_it_is_off)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        """As any door's, with the view inside of its limits."""
        super().add_url_rule(rule, endpoint, view_func and self._limited(view_func), *args, **options)

    def _refuse_where_it_is_off(self) -> None:
        if not standing.is_on(self.plugin):
            raise NotFound()

    def _limited(self, view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def limited(*args: Any, **values: Any) -> Any:
            if not _at_once.enter("", 0):
                raise TooBusy()
            began = time.monotonic()
            try:
                return view(*args, **values)
            except (DomainError, HTTPException):
                raise
            except Exception as failure:
                note(self.plugin, places.PAGE, RAISED, f"{type(failure).__name__}: {failure}", failure)
                raise
            finally:
                _at_once.leave("")
                if time.monotonic() - began > places.PAGE.seconds:
                    note(self.plugin, places.PAGE, TOO_SLOW, "")

        return limited
