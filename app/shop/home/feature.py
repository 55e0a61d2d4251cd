"""The card of the home room."""

from app.core.feature import Feature
from app.shop.home import backoffice

feature = Feature(name="home", doors=(backoffice.door,))
