"""What a WSGI server runs; LIVERY_ROLE decides which doors it answers."""

from app import settings
from app.factory import create_app, warm_up

application = create_app()
if settings.current().web_workers > 1:
    warm_up(application)  # a process alone has nobody to share it with: gunicorn.conf.py does it after the first answer
