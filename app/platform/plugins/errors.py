"""Refusals of the plugins room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class PluginStopped(DomainError):
    """The operator's word stands above the shop's."""

    code, message = "plugin_stopped", mark("{title} is stopped for all shops by whoever runs this service.")


class NothingToSetUp(DomainError):
    """The plugin has no settings of its own."""

    code, message, status = "plugin_has_no_settings", mark("{title} has nothing to set up here."), 404


class NoConnection(DomainError):
    """The plugin tried its settings, and they did not work."""

    code, message, status = "plugin_no_connection", mark("There is no connection with these settings. {said}"), 422
