"""Plugins that ship with us, written as a stranger would write them: they import app.pluginapi only."""
