"""The card of the ops room."""

from app.console.ops import console
from app.core.feature import Feature

feature = Feature(name="ops", doors=(console.door,))
