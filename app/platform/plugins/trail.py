"""What the audit trail says about plugins."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "plugin.switched_on": mark("%(who)s switched the plugin %(what)s on"),
        "plugin.switched_off": mark("%(who)s switched the plugin %(what)s off"),
        "plugin.switched_paused": mark("%(who)s paused the plugin %(what)s"),
        "plugin.paused": mark("%(who)s paused the plugin %(what)s because it kept failing"),
        "plugin.set_up": mark("%(who)s changed the settings of the plugin %(what)s"),
    },
    things={"plugin_state": mark("Plugin")},
)
