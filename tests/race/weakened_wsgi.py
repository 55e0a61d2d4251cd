"""What gunicorn runs instead of `wsgi` in negative controls."""

from app.factory import create_app
from tests.race.weakened import weaken

application = create_app()
weaken()
