"""The door that all API views of the pages room share."""

from app.core.rest import ApiDoor

door = ApiDoor("pages")
